import type { Tensor1D, Tensor2D, Tensor4D } from '@eim/contracts/model';
import { startEngine, withoutLeaks } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { causalBias, decoderBias, paddingBias, visibilityBias } from './attention-bias.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

/** Rows of `.` where a key is read and `x` where it is hidden. */
const picture = (bias: Tensor4D): string[] => {
  const [batch, , rows, keys] = bias.shape;
  const values = Array.from(bias.dataSync(), (value) => (value < -1e8 ? 'x' : '.'));
  bias.dispose();
  return Array.from({ length: batch * rows }, (_, row) =>
    values.slice(row * keys, (row + 1) * keys).join(''),
  );
};

test('causal: a query reads up to its own position, also behind cached ones', () => {
  expect(picture(causalBias(3))).toEqual(['.xx', '..x', '...']);
  expect(picture(causalBias(2, 4))).toEqual(['...x', '....']);
});

test('padding: hidden keys of each row', () => {
  const mask = tf.tensor2d([
    [0, 1, 1],
    [1, 1, 0],
  ]) as Tensor2D;
  expect(picture(withoutLeaks('paddingBias', () => paddingBias(mask)))).toEqual(['x..', '..x']);
  mask.dispose();
});

test('visibility: a hidden slot reads itself and nothing later reads it', () => {
  const visible = tf.tensor1d([0, 1]) as Tensor1D;
  const bias = withoutLeaks('visibilityBias', () => visibilityBias(visible, 4, 4));
  expect(picture(bias)).toEqual(['....', 'x...', 'x...', 'x...']);
  expect(picture(visibilityBias(visible, 1, 5))).toEqual(['x....']);
  visible.dispose();
});

test('decoder: all of them together, and nothing where nothing is hidden', () => {
  tf.tidy(() => {
    const mask = tf.tensor2d([[1, 0, 1]]) as Tensor2D;
    const visibleToLater = tf.tensor1d([0]) as Tensor1D;
    const bias = decoderBias({ queryLength: 3, keyLength: 3, mask, visibleToLater });
    expect(picture(bias!)).toEqual(['.xx', 'xxx', 'xx.']);
    expect(decoderBias({ queryLength: 1, keyLength: 7 })).toBeUndefined();
  });
});
