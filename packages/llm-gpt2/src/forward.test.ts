import type { Tensor1D, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { gradientErrors, relativeError } from '@eim/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Gpt2 } from './gpt2.js';
import { tinyGpt2 } from './testing/tiny-gpt2.js';

let model: Gpt2;
let ids: Tensor2D;
beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  model = tinyGpt2();
  ids = tf.tensor2d(
    [
      [3, 7, 1, 12, 29],
      [4, 4, 9, 22, 8],
    ],
    undefined,
    'int32',
  );
});
afterAll(() => {
  model.dispose();
  ids.dispose();
});
let before: number;
beforeEach(() => {
  before = tf.memory().numTensors;
});

const rowsOf = (logits: Tensor2D, from: number, count: number): Tensor3D =>
  tf.slice(tf.reshape(logits, [2, -1, 31]) as Tensor3D, [0, from, 0], [2, count, 31]);

test('selected rows equal the same rows of all', () => {
  tf.tidy(() => {
    const select = tf.tensor1d([8, 0, 3], 'int32') as Tensor1D;
    const all = model.forward(model.embed(ids)).logits;
    expect(
      relativeError(model.forward(model.embed(ids), { select }).logits, tf.gather(all, select)),
    ).toBeLessThan(1e-6);
  });
});

test('two calls with a cache equal one, and leave nothing but logits and cache', () => {
  const all = tf.tidy(() => model.forward(model.embed(ids)).logits);
  const [head, tail] = tf.tidy(() => [
    model.embed(tf.slice(ids, [0, 0], [2, 3])),
    model.embed(tf.slice(ids, [0, 3], [2, 2])),
  ]) as [Tensor3D, Tensor3D];
  const first = model.forward(head, { useCache: true });
  const second = model.forward(tail, { useCache: true, cache: first.cache! });
  expect(second.cache!.length).toBe(5);
  tf.tidy(() => {
    expect(relativeError(rowsOf(second.logits, 0, 2), rowsOf(all, 3, 2))).toBeLessThan(1e-5);
  });
  first.cache!.dispose();
  second.cache!.dispose();
  tf.dispose([all, head, tail, first.logits, second.logits]);
  expect(tf.memory().numTensors).toBe(before);
});

test('a hidden prefix slot is read by itself alone, with and without a cache', () => {
  tf.tidy(() => {
    const words = model.embed(ids);
    const logitsWith = (seed: number, visible: number): Tensor2D => {
      const prefix = tf.randomNormal([2, 1, 16], 0, 1, 'float32', seed) as Tensor3D;
      const injection = { prefix: { embeddings: prefix, visibleToLater: tf.tensor1d([visible]) } };
      const start = tf.concat([prefix, tf.slice(words, [0, 0, 0], [2, 3, 16])], 1) as Tensor3D;
      const rest = tf.slice(words, [0, 3, 0], [2, 2, 16]) as Tensor3D;
      const { cache } = model.forward(start, { injection, useCache: true });
      return model.forward(rest, { injection, cache: cache! }).logits;
    };
    expect(relativeError(logitsWith(3, 0), logitsWith(4, 0))).toBe(0);
    expect(relativeError(logitsWith(3, 1), logitsWith(4, 1))).toBeGreaterThan(1e-3);
  });
});

test('gradients of every parameter equal finite differences, dropout included', () => {
  const dropping = tinyGpt2({ embeddingDropout: 0.1, attentionDropout: 0.1, residualDropout: 0.1 });
  const checks = gradientErrors({
    variables: dropping.parameters(),
    loss: () => {
      const options = { training: true, random: createRandomStream(7) };
      return tf.mean(tf.sin(dropping.forward(dropping.embed(ids), options).logits));
    },
    random: createRandomStream(8),
    step: 5e-3,
  });
  for (const { name, error } of checks) expect(error, name).toBeLessThan(0.03);
  dropping.dispose();
});

test('what does not fit is refused', () => {
  tf.tidy(() => {
    const words = model.embed(ids);
    const narrow = tf.zeros([1, 2, 8]) as Tensor3D;
    expect(() => model.forward(narrow)).toThrow(/width 8; its own is 16/);
    expect(() => model.forward(tf.zeros([1, 25, 16]) as Tensor3D)).toThrow(
      /25 positions; its context holds 24/,
    );
    expect(() => model.forward(words, { mask: tf.ones([2, 4]) })).toThrow(/mask of shape \[2,4\]/);
    const { cache } = model.forward(tf.slice(words, [0, 0, 0], [1, 5, 16]) as Tensor3D, { useCache: true });
    expect(() => model.forward(words, { cache: cache! })).toThrow(/1 rows; the model has 2 blocks/);
    expect(() => model.forward(words, { training: true })).not.toThrow();
  });
});
