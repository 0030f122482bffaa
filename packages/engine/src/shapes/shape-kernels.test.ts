import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../index.js';
import { ALL_OP_CASES } from '../selftest/all-op-cases.js';
import { caseName, type OpCase } from '../selftest/op-case.js';
import { ShapesPass } from './shapes-pass.js';

/** Shapes and types of an operation's result and of its gradients. */
function outcome(
  run: (...inputs: Tensor[]) => Tensor | Tensor[],
  inputs: readonly Tensor[],
  backward: boolean,
) {
  const results = [run(...inputs)].flat();
  const floats = inputs.filter(({ dtype }) => dtype === 'float32');
  const along = (...given: Tensor[]): Tensor => {
    const left = [...given];
    const all = inputs.map((input) => (input.dtype === 'float32' ? left.shift()! : input));
    return tf.addN([run(...all)].flat().map((result) => tf.sum(tf.cast(result, 'float32'))));
  };
  const slopes = backward ? tf.grads(along)(floats) : [];
  return [...results, ...slopes].map(({ shape, dtype }) => `${dtype} [${shape}]`);
}

describe('shapes and types are those of the cpu engine, forward and backward', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'cpu' });
  });

  const both = (
    run: (...inputs: Tensor[]) => Tensor | Tensor[],
    make: () => readonly Tensor[],
    backward: boolean,
  ): void => {
    const expected = tf.tidy(() => ({ is: outcome(run, make(), backward) as never })).is;
    const found: unknown[] = [];
    new ShapesPass().measure(() => found.push(outcome(run, make(), backward)));
    expect(found).toEqual([expected, expected]);
  };

  const inputsOf = ({ inputs }: OpCase) =>
    inputs.map(({ shape, integers }) =>
      tf.fill([...shape], integers ? 0 : 1, integers ? 'int32' : 'float32'),
    );

  test.each(ALL_OP_CASES.map((opCase) => [caseName(opCase), opCase] as const))('%s', (_, opCase) => {
    both(opCase.run, () => inputsOf(opCase), opCase.backward !== false);
  });

  const x = [2, 3, 4];
  const image = [2, 6, 6, 3];
  const PLAIN: readonly [string, (x: Tensor) => Tensor | Tensor[], readonly number[], boolean?][] = [
    [
      'comparisons and choices',
      (a) => tf.where(tf.logicalAnd(tf.less(a, 2), tf.notEqual(a, 0)), a, 0),
      x,
      false,
    ],
    ['logarithms and roots', (a) => tf.sqrt(tf.log1p(tf.abs(tf.reciprocal(a)))), x],
    ['waves', (a) => tf.add(tf.sin(a), tf.cos(tf.atan(a))), x],
    ['powers and signs', (a) => tf.pow(tf.sign(a), tf.floor(a)), x, false],
    ['rectifiers', (a) => tf.elu(tf.leakyRelu(tf.softplus(tf.selu(a)))), x],
    ['squared differences', (a) => tf.squaredDifference(a, tf.ones([4])), x],
    [
      'greatest, least, all, any',
      (a) => [tf.max(a, 1, true), tf.min(a), tf.all(tf.cast(a, 'bool'), 0)],
      x,
      false,
    ],
    ['places and numbers', (a) => [tf.argMax(a, -1), tf.cumsum(a, 1), tf.prod(a, 2)], x, false],
    ['the best three', (a) => Object.values(tf.topk(a, 3)), x, false],
    ['softmax and its logarithm', (a) => tf.mul(tf.softmax(a), tf.logSoftmax(a)), x],
    [
      'pieces',
      (a) =>
        tf.split(
          tf.pad(a, [
            [1, 0],
            [0, 0],
            [0, 2],
          ]),
          2,
          2,
        ),
      x,
    ],
    ['stacks', (a) => tf.stack(tf.unstack(a, 1), -1), x],
    ['strided slices', (a) => tf.stridedSlice(a, [0, 2, 0], [2, 0, 4], [1, -1, 2]), x, false],
    ['repeated, turned and moved', (a) => tf.transpose(tf.reverse(tf.tile(a, [1, 2, 1]), 1), [2, 0, 1]), x],
    [
      'rows by place',
      (a) =>
        tf.gather(
          a,
          tf.tensor2d(
            [
              [0, 1],
              [1, 0],
            ],
            [2, 2],
            'int32',
          ),
          1,
        ),
      x,
    ],
    [
      'rows by place, a batch at a time',
      (a) => tf.gather(a, tf.tensor2d([[0], [2]], [2, 1], 'int32'), 1, 1),
      x,
      false,
    ],
    ['values by place', (a) => tf.gatherND(a, tf.tensor2d([[0, 1]], [1, 2], 'int32')), x, false],
    ['ones in places', (a) => tf.oneHot(tf.cast(a, 'int32'), 5), x, false],
    ['spread out', (a) => tf.expandDims(tf.broadcastTo(a, [5, 2, 3, 4]), -1), x],
    ['ranges', () => [tf.range(5, 0, -2), tf.range(0, 4), tf.linspace(0, 1, 5)], x, false],
    ['greatest of a window', (a) => tf.maxPool(a as tf.Tensor4D, 2, 2, 'same'), image],
    ['mean of a window', (a) => tf.avgPool(a as tf.Tensor4D, 3, 1, 'valid'), image],
    ['larger pictures', (a) => tf.image.resizeBilinear(a as tf.Tensor4D, [8, 9]), image],
    ['products of stacks', (a) => tf.matMul(a, tf.ones([2, 5, 4]), false, true), x],
    ['einsum', (a) => tf.einsum('bij,kj->bki', a, tf.ones([5, 4])), x],
  ];
  test.each(PLAIN)('%s', (_, run, shape, backward = true) => {
    both(run as never, () => [tf.fill([...shape], 1)], backward);
  });
});
