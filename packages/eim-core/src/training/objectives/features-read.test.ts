import type { FeatureName, SemanticTransform, WholeEncodedImages } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { featuresRead } from './features-read.js';

let features: WholeEncodedImages;
beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  features = { pooled: tensor2d([[1, 2]]), tokens: tensor3d([[[3], [4], [5]]]) };
});
afterAll(() => {
  features.pooled.dispose();
  features.tokens.dispose();
});

const read = (...reads: FeatureName[]): number[] => {
  const tensor = featuresRead({ reads } as unknown as SemanticTransform, features);
  const values = [...tensor.dataSync()];
  if (tensor !== features.pooled) tensor.dispose();
  return values;
};

test('the pooled vector, for an ST that reads it or does not say', () => {
  expect(read('pooled')).toEqual([1, 2]);
  expect(read('pooled', 'tokens')).toEqual([1, 2]);
  expect(read()).toEqual([1, 2]);
});

test('all tokens, for an ST that reads them alone', () => {
  expect(read('tokens')).toEqual([3, 4, 5]);
});
