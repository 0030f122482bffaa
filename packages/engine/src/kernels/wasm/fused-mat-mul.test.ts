import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { fused, grads, mul, sum } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { drawn } from '../../testing/drawn.js';
import { expectSameOnWasm } from '../../testing/expect-same-on-wasm.js';

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'leakyrelu', 'elu', 'sigmoid', 'prelu'] as const;

/** A fused product whose bias has the given shape; sums are large enough to reach the upper end of relu6. */
function fusedProduct(
  activation: (typeof ACTIVATIONS)[number],
  bias: number[],
  [rows, inner, columns]: number[],
) {
  const shapes = [
    { shape: [rows!, inner!] },
    { shape: [inner!, columns!] },
    { shape: bias },
    { shape: [columns!] },
  ];
  return expectSameOnWasm(
    (a, b, offset, weights) =>
      fused.matMul({
        a: mul(a!, 4),
        b: b!,
        transposeA: false,
        transposeB: false,
        bias: offset as Tensor1D,
        activation,
        leakyreluAlpha: 0.3,
        ...(activation === 'prelu' ? { preluActivationWeights: weights! } : {}),
      }),
    shapes,
    { backward: false, tolerance: 1e-4 },
  );
}

describe('_FusedMatMul on wasm equals cpu', () => {
  test.each(ACTIVATIONS)('%s, with a bias per column or for all', async (activation) => {
    for (const sizes of [
      [1, 9, 11],
      [2, 1, 1],
      [2, 300, 205],
      [7, 20, 13],
      [70, 300, 19],
    ]) {
      await fusedProduct(activation, [sizes[2]!], sizes);
      await fusedProduct(activation, [1], sizes);
    }
  });

  test('on random shapes and transposed forms, without a bias', async () => {
    const size = fc.integer({ min: 1, max: 30 });
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.boolean(), fc.boolean(), (rows, inner, columns, turnA, turnB) =>
        expectSameOnWasm(
          (a, b) => fused.matMul({ a: a!, b: b!, transposeA: turnA, transposeB: turnB, activation: 'relu' }),
          [
            { shape: turnA ? [inner, rows] : [rows, inner] },
            { shape: turnB ? [columns, inner] : [inner, columns] },
          ],
          { backward: false },
        ),
      ),
      { numRuns: 20, seed: 3 },
    );
  });

  test('backward, where the gradient of the bias is fused too', async () => {
    await expectSameOnWasm(
      (a, b, bias) => {
        const slopes = grads((x: Tensor, w: Tensor, offset: Tensor) =>
          sum(mul(fused.matMul({ a: x, b: w, bias: offset, activation: 'relu' }), drawn([5, 7], 'slope'))),
        )([a!, b!, bias!]);
        return slopes[1]!;
      },
      [{ shape: [5, 6] }, { shape: [6, 7] }, { shape: [7] }],
      { backward: false },
    );
  });
});
