import type { Parameter, Tensor, Tensor2D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ActivationName, activations } from './activation.js';
import { dropped } from './block-context.js';
import { Embedding } from './embedding.js';
import { FeedForward } from './feed-forward.js';
import { GatedFeedForward } from './gated-feed-forward.js';
import { normal } from './initialisers.js';
import { LayerNorm } from './layer-norm.js';
import { Linear } from './linear.js';
import { MultiHeadAttention } from './multi-head-attention.js';
import { ParameterScope } from './parameter-scope.js';
import { RmsNorm } from './rms-norm.js';
import { rotaryTables } from './rotary-tables.js';
import { gradientErrors } from './testing/index.js';

const initialise = normal(0.7);
const [rows, size] = [6, 4];
let x: Tensor2D;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  x = tf.randomNormal([rows, size], 0.3, 1.5, 'float32', 5);
});

const layers: Record<string, (scope: ParameterScope) => (input: Tensor2D) => Tensor> = {
  Linear: (scope) => {
    const layer = new Linear(scope, {
      inputSize: size,
      outputSize: 3,
      initialise,
      initialiseBias: initialise,
    });
    return (input) => layer.apply(input);
  },
  'Linear without bias': (scope) => {
    const layer = new Linear(scope, { inputSize: size, outputSize: 3, initialise, bias: false });
    return (input) => layer.apply(input);
  },
  LayerNorm: (scope) => {
    const layer = new LayerNorm(scope, { size, epsilon: 1e-5 });
    return (input) => layer.apply(input);
  },
  RmsNorm: (scope) => {
    const layer = new RmsNorm(scope, { size, epsilon: 1e-6 });
    return (input) => layer.apply(input);
  },
  Embedding: (scope) => {
    const layer = new Embedding(scope, { count: 5, size, initialise });
    const ids = tf.tensor2d([1, 4, 4, 0, 2, 1], [2, 3], 'int32');
    return () => layer.apply(ids);
  },
  GatedFeedForward: (scope) => {
    const layer = new GatedFeedForward(scope, {
      size,
      hiddenSize: 7,
      activation: 'silu',
      initialiseInput: initialise,
      initialiseOutput: initialise,
    });
    return (input) => layer.apply(input);
  },
  FeedForward: (scope) => {
    const layer = new FeedForward(scope, {
      size,
      hiddenSize: 7,
      activation: 'quick-gelu',
      initialiseInput: initialise,
      initialiseOutput: initialise,
    });
    return (input) => layer.apply(input);
  },
  MultiHeadAttention: (scope) => {
    const layer = new MultiHeadAttention(scope, {
      size,
      headCount: 2,
      initialise,
      initialiseOutput: initialise,
    });
    return (input) => layer.apply(input, { batch: 2, length: 3 }).output;
  },
  'MultiHeadAttention with grouped, turned heads and no biases': (scope) => {
    const layer = new MultiHeadAttention(scope, {
      size: 4,
      headCount: 2,
      keyValueHeadCount: 1,
      initialise,
      initialiseOutput: initialise,
      queryKeyValueBias: false,
      outputBias: false,
    });
    const positions = tf.tensor1d([0, 1, 2, 0, 1, 2]);
    return (input) => {
      const rotary = rotaryTables(positions, Float32Array.of(0.7));
      return layer.apply(input, { batch: 2, length: 3, rotary }).output;
    };
  },
};

describe.each(Object.entries(layers))('%s', (_, create) => {
  test('gradients of parameters and input equal finite differences', () => {
    const scope = ParameterScope.root(createRandomStream(6));
    const apply = create(scope);
    const input = tf.variable(x);
    const usesInput = tf.tidy(() =>
      apply(tf.zerosLike(x))
        .dataSync()
        .some((v, i) => v !== apply(x).dataSync()[i]),
    );
    const variables: Pick<Parameter, 'name' | 'variable'>[] = [...scope.parameters()];
    if (usesInput) variables.push({ name: 'input', variable: input });
    const checks = gradientErrors({
      variables,
      loss: () => tf.mean(tf.sin(apply(input as unknown as Tensor2D))),
      random: createRandomStream(7),
    });
    expect(checks.length).toBe(variables.length);
    for (const { name, error } of checks) expect(error, name).toBeLessThan(0.02);
    input.dispose();
    scope.dispose();
  });
});

test.each([
  ['exact-gelu', 0.841345],
  ['gelu', 0.841192],
  ['quick-gelu', 0.845796],
  ['relu', 1],
  ['silu', 0.731059],
  ['tanh', 0.761594],
] as [ActivationName, number][])('%s of 1 is %d', (name, expected) => {
  tf.tidy(() => {
    expect(activations[name](tf.tensor2d([[1]])).dataSync()[0]).toBeCloseTo(expected, 5);
  });
});

test('dropout gives the input itself outside training and keeps the mean in it', () => {
  tf.tidy(() => {
    expect(dropped(x, 0.5, {})).toBe(x);
    const many = tf.ones([200, 50]) as Tensor2D;
    const values = dropped(many, 0.25, {
      training: true,
      random: createRandomStream(8),
    }).dataSync() as Float32Array;
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(1, 1);
    expect(new Set(Array.from(values, (value) => value.toFixed(4)))).toEqual(new Set(['0.0000', '1.3333']));
  });
});
