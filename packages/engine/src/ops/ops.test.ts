import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as eim from '../index.js';

describe.each(['cpu', 'wasm'] as const)('on %s', (name) => {
  beforeAll(async () => {
    await eim.startEngine({ engine: name });
  });
  test('smoke', () => {
    const r = eim.createRandomStream('x');
    const x = r.uniformTensor([6, 8]) as tf.Tensor2D;
    const w = tf.variable(r.uniformTensor([8, 8]) as tf.Tensor2D);
    const g = tf.variable(tf.ones([8]) as tf.Tensor1D);
    const b = tf.variable(tf.zeros([8]) as tf.Tensor1D);
    const table = tf.variable(r.uniformTensor([5, 8]) as tf.Tensor2D);
    const ids = tf.tensor1d([0, 1, 2, 3, 4, 0], 'int32');
    const before = tf.memory().numTensors;
    const { value, grads } = tf.variableGrads(() => {
      const e = eim.embedding(table, ids) as tf.Tensor2D;
      const h = eim.layerNorm(eim.linear(tf.add(x, e), w, b), g, b, 1e-5);
      const q = eim.attention({ query: h, key: h, value: h, batch: 2, headCount: 2 });
      return eim.crossEntropy(eim.gelu(q), ids, tf.ones([6]), 0.1);
    });
    expect(Object.keys(grads)).toHaveLength(4);
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    tf.dispose([value, ...Object.values(grads)]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
