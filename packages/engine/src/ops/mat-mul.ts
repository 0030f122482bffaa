import type { Tensor } from '@tensorflow/tfjs-core';
import { matMul as product } from '@tensorflow/tfjs-core';
import { assertArgument } from './assert-shape.js';

export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of two matrices `[M, K] x [K, N]`, or of two stacks with the same number of them
 * `[B, M, K] x [B, K, N]`; each may be given transposed.
 */
export function matMul<Factor extends Tensor>(a: Factor, b: Factor, options: MatMulOptions = {}): Factor {
  const { transposeA = false, transposeB = false } = options;
  const ranksFit = a.rank === b.rank && (a.rank === 2 || (a.rank === 3 && a.shape[0] === b.shape[0]));
  const innerA = a.shape[transposeA ? a.rank - 2 : a.rank - 1];
  const innerB = b.shape[transposeB ? b.rank - 1 : b.rank - 2];
  assertArgument(
    'matMul',
    ranksFit && innerA === innerB,
    `shapes [${a.shape}]${transposeA ? ' transposed' : ''} and [${b.shape}]${transposeB ? ' transposed' : ''} do not fit.`,
  );
  return product(a, b, transposeA, transposeB);
}
