import type { Tensor, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { div, expandDims, maximum, minimum, mul, reshape, sum } from '@tensorflow/tfjs-core';

/** Mean over the tokens that a mask keeps; zeros for a row without any. `[R, T, D]`, `[R, T]` to `[R, D]` */
export function meanOverTokens(tokens: Tensor3D, mask: Tensor2D): Tensor2D {
  const total = sum(mul(tokens, expandDims(mask, 2)), 1); // [R, D]
  return div(total, maximum(sum(mask, 1, true), 1)) as Tensor2D;
}

/**
 * Mean over the captions of each picture, of those rows that hold one.
 * @param rows `[P * count, D]`
 * @param mask `[P * count, T]`
 * @returns `[P, D]`
 */
export function meanOverCaptions(rows: Tensor2D, mask: Tensor2D, count: number): Tensor2D {
  if (count === 1) return rows;
  const width = rows.shape[1];
  const present = reshape(minimum(sum(mask, 1), 1), [-1, count, 1]); // [P, count, 1]
  const total = sum(mul(reshape(rows, [-1, count, width]), present), 1) as Tensor; // [P, D]
  return div(total, maximum(sum(present, 1), 1)) as Tensor2D;
}
