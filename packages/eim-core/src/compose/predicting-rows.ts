import type { Tensor1D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Which flat rows of `[R, K + T - 1]` (the last token is not read) predict given tokens of `[R, T]`: the position before each of them. The map
 * depends on shapes alone, so a recorded step may keep it.
 *
 * A first token without a prefix before it has no such position; it points at itself, and only filling (of
 * weight 0) may do so.
 * @param targetIndices `[N]` int32, flat indices into `[R * T]`
 * @returns `[N]` int32, flat indices into `[R * (K + T - 1)]`
 */
export function predictingRows(
  targetIndices: Tensor1D,
  rowCount: number,
  textLength: number,
  prefixLength: number,
): Tensor1D {
  const map = Int32Array.from({ length: rowCount * textLength }, (_, index) => {
    const row = Math.floor(index / textLength);
    const inRow = index % textLength;
    return row * (prefixLength + textLength - 1) + Math.max(0, prefixLength + inRow - 1);
  });
  return tf.gather(tf.tensor1d(map, 'int32'), targetIndices);
}
