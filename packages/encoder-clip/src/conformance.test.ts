import { imageEncoderConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, test } from 'vitest';
import { createClipEncoder } from './create-clip-encoder.js';

const options = {
  imageSize: 8,
  patchSize: 4,
  width: 16,
  blockCount: 2,
  headCount: 2,
  feedForwardSize: 32,
  pooledSize: 12,
  attentionDropout: 0.1,
  residualDropout: 0.1,
};

describe.each(['cpu', 'wasm'] as const)('the CLIP vision transformer on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  const cases = imageEncoderConformance({ create: (random) => createClipEncoder(options, { random }) });
  for (const { name, run } of cases) test(name, run);
});
