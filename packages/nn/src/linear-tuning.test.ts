import type { LinearTuning, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { normal } from './initialisers.js';
import { Linear } from './linear.js';
import { tunableLinears } from './linear-tuning.js';
import { MultiHeadAttention } from './multi-head-attention.js';
import { ParameterScope } from './parameter-scope.js';
import { gradientErrors, relativeError } from './testing/index.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const drawn = <T extends tf.Tensor>(seed: number, shape: number[]): T =>
  tf.randomNormal(shape, 0, 1, 'float32', seed) as tf.Tensor as T;

test('a tuned layer is outputScale * ((inputScale * x) W + b + bias)', () => {
  const scope = ParameterScope.root(createRandomStream(1));
  const initialise = normal(0.5);
  const layer = new Linear(scope, { inputSize: 3, outputSize: 4, initialise, initialiseBias: initialise });
  tf.tidy(() => {
    const x = drawn<Tensor2D>(1, [5, 3]);
    const [inputScale, outputScale, bias] = [
      drawn<Tensor1D>(2, [3]),
      drawn<Tensor1D>(3, [4]),
      drawn<Tensor1D>(4, [4]),
    ];
    const product = tf.matMul(tf.mul(x, inputScale), layer.weight.variable as tf.Tensor2D); // [5, 4]
    const expected = tf.mul(outputScale, tf.add(tf.add(product, layer.bias!.variable), bias)); // [5, 4]
    expect(relativeError(layer.apply(x, { inputScale, outputScale, bias }), expected)).toBeLessThan(1e-6);
  });
  scope.dispose();
});

describe('query, key and value, though one product makes them', () => {
  const [batch, length, size] = [2, 3, 8];
  const names = ['query', 'key', 'value'].map((name) => `attention.${name}`);
  const widths = [size, size / 2, size / 2];
  const made = () => {
    const scope = ParameterScope.root(createRandomStream(2));
    const initialise = normal(0.5);
    const options = { size, headCount: 4, keyValueHeadCount: 2, initialise, initialiseOutput: initialise };
    return { scope, attention: new MultiHeadAttention(scope, options) };
  };

  test('are tuned alike in one product and in three', () => {
    const { scope, attention } = made();
    tf.tidy(() => {
      const x = drawn<Tensor2D>(5, [batch * length, size]);
      const tunings = widths.map((width, index): LinearTuning => {
        return {
          outputScale: drawn<Tensor1D>(6 + index, [width]),
          bias: drawn<Tensor1D>(9 + index, [width]),
        };
      });
      const output = (of: (index: number) => LinearTuning) =>
        attention.apply(x, { batch, length }, undefined, [], (name) =>
          names.includes(name) ? of(names.indexOf(name)) : undefined,
        ).output;
      const joined = output((index) => tunings[index]!);
      const apart = output((index) => ({ ...tunings[index]!, inputScale: tf.ones([size]) }));
      expect(relativeError(joined, apart)).toBeLessThan(1e-5);
      expect(relativeError(joined, attention.apply(x, { batch, length }).output)).toBeGreaterThan(0.1);
    });
    scope.dispose();
  });

  test('pass gradients to what tunes one of them alone', () => {
    const { scope, attention } = made();
    const x = drawn<Tensor2D>(5, [batch * length, size]);
    const bias = tf.variable(drawn<Tensor1D>(12, [size / 2]));
    const tuning = (name: string) =>
      name === 'attention.value' ? { bias: bias as unknown as Tensor1D } : undefined;
    const [check] = gradientErrors({
      variables: [{ name: 'bias', variable: bias }],
      loss: () => tf.mean(tf.sin(attention.apply(x, { batch, length }, undefined, [], tuning).output)),
      random: createRandomStream(3),
    });
    expect(check!.error).toBeLessThan(0.02);
    tf.dispose([x, bias]);
    scope.dispose();
  });
});

test('LLaMA-Adapter V2 of LLaMA-7B has as many biases as the published one', () => {
  const linears = tunableLinears({
    blockCount: 32,
    size: 4096,
    headCount: 32,
    feedForwardSize: 11008,
    gated: true,
  });
  // its key and value projections have none
  const withBias = linears.filter(({ name }) => !/attention\.(key|value)$/.test(name));
  expect(withBias.reduce((sum, { outputSize }) => sum + outputSize, 0)).toBe(1_097_728);
});
