import type { EncodedImages, SemanticTransform, SemanticTransformWidths } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { featuresRead } from './features-read.js';

let features: EncodedImages;
beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  features = { pooled: tensor2d([[1, 2]]), tokens: tensor3d([[[3], [4], [5]]]) };
});
afterAll(() => {
  features.pooled.dispose();
  features.tokens.dispose();
});

const read = (widths: Omit<SemanticTransformWidths, 'hiddenSize'>): number[] => {
  const tensor = featuresRead({ widths: { ...widths, hiddenSize: 1 } } as SemanticTransform, features);
  const values = [...tensor.dataSync()];
  if (tensor !== features.pooled) tensor.dispose();
  return values;
};

test('the pooled vector, for an ST that reads it or does not say', () => {
  expect(read({ pooledSize: 2 })).toEqual([1, 2]);
  expect(read({ pooledSize: 2, tokenSize: 1 })).toEqual([1, 2]);
  expect(read({})).toEqual([1, 2]);
});

test('all tokens, for an ST that reads them alone', () => {
  expect(read({ tokenSize: 1, tokenCount: 3 })).toEqual([3, 4, 5]);
});
