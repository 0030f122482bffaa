import { createRandomStream, startEngine, withoutLeaks } from '@eim/engine';
import { gradientErrors } from '@eim/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createLinearTransform } from './create-transforms.js';
import { imageRows, shapes } from './testing/shapes.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const features = () => ({
  pooled: tf.randomNormal([2, 6], 0, 1, 'float32', 1) as tf.Tensor2D,
  tokens: tf.randomNormal([2, 5, 8], 3, 2, 'float32', 2) as tf.Tensor3D,
});

describe.each([
  ['tokens', 5],
  ['pooled', 1],
] as const)('from %s', (source, slots) => {
  test('gives one slot for each vector', () => {
    const st = createLinearTransform({ source }, shapes({}));
    tf.tidy(() => {
      const given = features();
      const rows = imageRows(2);
      const { prefix } = withoutLeaks('transform', () => st.transform(given, rows));
      expect(prefix!.embeddings.shape).toEqual([2, slots, 12]);
      expect(prefix!.mask).toBeUndefined();
      expect(st.prefixLength).toBe(slots);
    });
    st.dispose();
  });

  test('gradients equal finite differences', () => {
    const st = createLinearTransform({ source }, shapes({}));
    const given = features();
    const checks = gradientErrors({
      variables: st.parameters(),
      loss: () => tf.sum(tf.sin(st.transform(given, imageRows(2)).prefix!.embeddings)),
      random: createRandomStream(4),
    });
    for (const { name, error } of checks) expect(error, name).toBeLessThan(0.02);
    expect(checks.map(({ name }) => name)).toEqual(['norm.gain', 'norm.bias', 'map.weight', 'map.bias']);
    st.dispose();
  });
});

test('without the norm it is the map alone', () => {
  const st = createLinearTransform({ source: 'pooled', normaliseInput: false }, shapes({}));
  tf.tidy(() => {
    const [weight, bias] = st.parameters();
    const given = features();
    const expected = tf.add(tf.matMul(given.pooled, weight!.variable), bias!.variable);
    const { prefix } = st.transform(given, imageRows(2));
    const difference = tf.max(tf.abs(tf.sub(tf.reshape(prefix!.embeddings, [2, 12]), expected)));
    expect(difference.dataSync()[0]).toBeLessThan(1e-6);
  });
  st.dispose();
});

test('rows of text stand between rows with pictures, and hiding their slots is left to the core', () => {
  const st = createLinearTransform({ source: 'tokens' }, shapes({}));
  tf.tidy(() => {
    const given = features();
    const rowOf = (modality: number[]) => {
      const { prefix } = st.transform(given, { ...imageRows(2), modality: tf.tensor1d(modality, 'int32') });
      expect(prefix!.mask).toBeUndefined();
      return tf.slice(prefix!.embeddings, [1, 0, 0], [1, -1, -1]).arraySync();
    };
    expect(rowOf([0, 1])).toEqual(rowOf([1, 1]));
  });
  st.dispose();
});
