import { languageModelConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, test } from 'vitest';
import { createGpt2 } from './create-gpt2.js';

const options = {
  hiddenSize: 16,
  blockCount: 2,
  headCount: 2,
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

describe.each(['cpu', 'wasm'] as const)('GPT-2 on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  const cases = languageModelConformance({ create: (random) => createGpt2(options, { random }) });
  for (const { name, run } of cases) test(name, run);
});

describe('GPT-2 with a head of its own', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'cpu' });
  });
  const cases = languageModelConformance({
    create: (random) => createGpt2({ ...options, tiedHead: false }, { random }),
  });
  for (const { name, run } of cases) test(name, run);
});
