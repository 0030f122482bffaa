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
