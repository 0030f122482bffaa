import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  grad,
  ones,
  scalar,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as eim from '../index.js';
import { drawn } from '../testing/drawn.js';

describe.each(['cpu', 'wasm'] as const)('ops on %s', (engine) => {
  beforeAll(() => eim.startEngine({ engine }));

  test('crossEntropy of rows without weight is 0, with a gradient of 0', () => {
    const logits = drawn<Tensor2D>([2, 3]);
    const targets = tensor1d([0, 2], 'int32');
    const loss = (x: Tensor2D) => eim.crossEntropy(x, targets, zeros([2]), 0.1);
    expect(loss(logits).arraySync()).toBe(0);
    expect([...grad(loss as never)(logits).dataSync()].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('crossEntropy stays exact where the probability of the target vanishes', () => {
    const loss = eim.crossEntropy(tensor2d([[200, 0]]), tensor1d([1], 'int32'), ones([1]), 0);
    expect(loss.arraySync()).toBe(200);
  });

  test('softmax and attention survive large and masked scores', () => {
    expect([...eim.softmax(tensor2d([[1e4, 0, -1e9]])).dataSync()]).toEqual([1, 0, 0]);
    const mask = tensor2d([
      [0, -1e9],
      [0, 0],
    ]);
    const x = tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const mixed = eim.attention({ query: x, key: x, value: x, batch: 1, headCount: 1, bias: mask });
    expect([...mixed.dataSync()].slice(0, 2)).toEqual([1, 2]);
  });

  test('dropout keeps the expected share, scaled, and draws the same from the same state', () => {
    const random = eim.createRandomStream('mask');
    const state = random.state();
    const values = eim.dropout(ones([100, 100]), 0.25, random).dataSync();
    const kept = values.filter((value) => value > 0);
    expect(kept.length / values.length).toBeCloseTo(0.75, 1);
    expect(kept[0]).toBeCloseTo(4 / 3, 6);
    random.restore(state);
    expect([...eim.dropout(ones([100, 100]), 0.25, random).dataSync()]).toEqual([...values]);
  });

  test('l2Normalise leaves rows of zeros alone, with finite gradients', () => {
    const row = zeros([1, 3]) as Tensor2D;
    expect([...eim.l2Normalise(row).dataSync()]).toEqual([0, 0, 0]);
    const slope = grad((x) => eim.l2Normalise(x as Tensor2D, 0.5))(row).dataSync();
    expect([...slope]).toEqual([2, 2, 2]);
  });

  test('globalNorm of several tensors, and clipping by it in adamWStep', () => {
    const parts = [tensor1d([3]), tensor2d([[0, 4]])];
    expect(eim.globalNorm(parts).arraySync()).toBe(5);
    expect(eim.globalNorm([]).arraySync()).toBe(0);
    const step = (gradient: number, gradientScale?: Scalar): number => {
      const [weight, first, second] = [variable(tensor1d([1])), variable(zeros([1])), variable(zeros([1]))];
      eim.adamWStep({
        variables: [weight],
        gradients: [tensor1d([gradient])],
        firstMoments: [first],
        secondMoments: [second],
        learningRates: [0.1],
        weightDecays: [0],
        step: 1,
        epsilon: 1,
        ...(gradientScale ? { gradientScale } : {}),
      });
      return weight.dataSync()[0]!;
    };
    expect(step(8, scalar(0.25))).toBeCloseTo(step(2), 6);
  });

  test('frozen weights cost no multiply-adds backward', () => {
    const x = drawn<Tensor2D>([5, 7]);
    const frozen = drawn<Tensor2D>([7, 11]);
    const bias = variable(zeros([11])) as never as Tensor1D;
    const { multiplyAdds } = eim.measureMultiplyAdds(() =>
      variableGrads(() => sum<Scalar>(eim.linear(x, frozen, bias))),
    );
    expect(multiplyAdds).toBe(5 * 7 * 11);
  });

  test('no op leaves a tensor behind', () => {
    const x = drawn<Tensor2D>([4, 6]);
    const gain = ones([6]) as Tensor1D;
    const weight = drawn<Tensor2D>([6, 6]);
    const ids = tensor1d([1, 0, 3, 2], 'int32');
    const random = eim.createRandomStream(1);
    const calls: Record<string, () => unknown> = {
      linear: () => eim.linear(x, weight, gain),
      layerNorm: () => eim.layerNorm(x, gain, gain, 1e-5),
      rmsNorm: () => eim.rmsNorm(x, gain, 1e-5),
      exactGelu: () => eim.exactGelu(x),
      gelu: () => eim.gelu(x),
      dropout: () => eim.dropout(x, 0.5, random),
      embedding: () => eim.embedding(weight, ids),
      crossEntropy: () => tidy(() => eim.crossEntropy(x, ids, ones([4]), 0.1)),
      attention: () =>
        tidy(() =>
          eim.attention({
            query: x,
            key: x,
            value: x,
            batch: 2,
            headCount: 3,
            dropout: { rate: 0.2, random },
          }),
        ),
    };
    for (const [name, call] of Object.entries(calls))
      expect(() => eim.withoutLeaks(name, call)).not.toThrow();
  });

  test('wrong shapes are named', () => {
    const x = drawn<Tensor2D>([4, 6]);
    const message = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return 'nothing was thrown';
    };
    expect(message(() => eim.linear(x, x))).toBe('linear: weight has shape [4, 6] where [6, any] is needed.');
    expect(message(() => eim.matMul(x, x))).toContain('matMul: shapes [4,6] and [4,6] do not fit');
    expect(message(() => eim.embedding(x, x))).toContain('int32 is needed');
    expect(message(() => eim.attention({ query: x, key: x, value: x, batch: 3, headCount: 2 }))).toContain(
      'batch 3',
    );
    expect(message(() => eim.attention({ query: x, key: x, value: x, batch: 2, headCount: 4 }))).toContain(
      '4 heads',
    );
    expect(message(() => eim.dropout(x, 1, eim.createRandomStream(1)))).toContain('rate is 1');
    expect(message(() => eim.crossEntropy(x, tensor1d([0], 'int32'), ones([4])))).toContain(
      'targets has shape [1]',
    );
  });
});
