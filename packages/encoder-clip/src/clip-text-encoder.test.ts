import type { Tensor2D } from '@eim/contracts/model';
import { createRandomStream, startEngine, withoutLeaks } from '@eim/engine';
import { fixtureTensor, gradientErrors, relativeError, setParameters } from '@eim/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import fixture from './__fixtures__/clip-text.json' with { type: 'json' };
import type { ClipTextEncoder } from './clip-text-encoder.js';
import { createClipTextEncoder } from './create-clip-encoder.js';

let encoder: ClipTextEncoder;
let ids: Tensor2D;
let mask: Tensor2D;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  encoder = createClipTextEncoder(fixture.sizes, { random: createRandomStream(1) });
  setParameters(encoder.parameters(), fixture.weights);
  ids = fixtureTensor(fixture.ids);
  mask = fixtureTensor(fixture.mask);
});
afterAll(() => encoder.dispose());

test('equals transformers, padded rows included', () => {
  const pooled = withoutLeaks('encodeText', () => encoder.encodeText(ids, mask));
  expect(relativeError(pooled, fixtureTensor(fixture.pooled))).toBeLessThan(1e-4);
  pooled.dispose();
});

test('gradients equal finite differences', () => {
  const checks = gradientErrors({
    variables: encoder.parameters(),
    loss: () => tf.mean(tf.sin(encoder.encodeText(ids, mask))),
    random: createRandomStream(3),
  });
  for (const { name, error } of checks) expect(error, name).toBeLessThan(0.02);
});

test('texts beyond the context are refused', () => {
  const long = tf.zeros([1, 11], 'int32') as Tensor2D;
  expect(() => encoder.encodeText(long, tf.ones([1, 11]))).toThrow(/11 positions; its context holds 10/);
});
