import { EimError } from '@eim/contracts';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { normal, ones, zeros } from './initialisers.js';
import { ParameterScope } from './parameter-scope.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

const root = (seed = 1): ParameterScope => ParameterScope.root(createRandomStream(seed));

test('names follow the scopes, depths are inherited, order is that of creation', () => {
  const scope = root();
  const block = scope.child('blocks').child('2', 3);
  block.child('attention').create('weight', [2, 3], { role: 'weight', initialise: zeros });
  scope.create('gain', [4], { role: 'norm', initialise: ones });
  const summary = scope
    .parameters()
    .map(({ name, depth, role, variable }) => [name, depth, role, variable.shape]);
  expect(summary).toEqual([
    ['blocks.2.attention.weight', 3, 'weight', [2, 3]],
    ['gain', 0, 'norm', [4]],
  ]);
  scope.dispose();
});

test('first values depend on the seed and the name, not on what else is created', () => {
  const draw = (scope: ParameterScope, name: string): number[] =>
    Array.from(scope.create(name, [3], { role: 'weight', initialise: normal(1) }).variable.dataSync());
  const alone = root();
  const crowded = root();
  draw(crowded, 'other');
  const other = root(2);
  const expected = draw(alone, 'mine');
  expect(draw(crowded, 'mine')).toEqual(expected);
  expect(draw(other, 'mine')).not.toEqual(expected);
  for (const scope of [alone, crowded, other]) scope.dispose();
});

test('a name is taken once', () => {
  const scope = root();
  scope.create('weight', [1], { role: 'weight', initialise: zeros });
  const again = () =>
    scope.child('', 0) && scope.create('weight', [1], { role: 'weight', initialise: zeros });
  expect(again).toThrow(EimError);
  expect(again).toThrow(/already is a parameter 'weight'/);
  scope.dispose();
});

test('dispose frees every variable', () => {
  const before = tf.memory().numTensors;
  const scope = root();
  scope.create('a', [5], { role: 'weight', initialise: zeros });
  scope.child('b').create('c', [5], { role: 'weight', initialise: zeros });
  expect(tf.memory().numTensors).toBe(before + 2);
  scope.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('values can be awaited: none are drawn, each is given once, and using one early is an error', () => {
  const scope = ParameterScope.awaitingValues();
  const before = tf.memory().numTensors;
  const weight = scope.child('a').create('weight', [2, 2], { role: 'weight', initialise: ones });
  expect(tf.memory().numTensors).toBe(before);
  expect(scope.slots()).toEqual([{ name: 'a.weight', shape: [2, 2] }]);
  expect(() => weight.variable).toThrow(/'a.weight' has no values yet/);
  expect(() => scope.give('a.weight', new Float32Array(3))).toThrow(/its shape \[2,2\] needs 4/);
  expect(() => scope.give('b', new Float32Array(3))).toThrow(/no such parameter/);
  scope.give('a.weight', Float32Array.of(1, 2, 3, 4));
  expect(weight.variable.arraySync()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(() => scope.give('a.weight', new Float32Array(4))).toThrow(/has values already/);
  scope.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
