import { languageModelConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, test } from 'vitest';
import { createLlama } from './create-llama.js';

const options = {
  hiddenSize: 16,
  blockCount: 2,
  headCount: 4,
  keyValueHeadCount: 2,
  feedForwardSize: 32,
  contextLength: 16,
  vocabularySize: 19,
  specialTokens: { end: 1, pad: 0 },
  embeddingDropout: 0.1,
  attentionDropout: 0.1,
  residualDropout: 0.1,
  // far from 0, so that attention is uneven and its gradients show
  initialStandardDeviation: 0.2,
};

describe.each(['cpu', 'wasm'] as const)('LLaMA on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  const cases = languageModelConformance({ create: (random) => createLlama(options, { random }) });
  for (const { name, run } of cases) test(name, run);
});

describe('LLaMA with biases, heads of their own width and scaled positions', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'cpu' });
  });
  const shaped = {
    ...options,
    headSize: 6,
    queryKeyValueBias: true,
    attentionOutputBias: true,
    feedForwardBias: true,
    ropeScaling: { type: 'yarn', factor: 2, originalContextLength: 8 },
  } as const;
  const cases = languageModelConformance({ create: (random) => createLlama(shaped, { random }) });
  for (const { name, run } of cases) test(name, run);
});
