import { matMul } from '@eim/engine';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';

/** Rows multiplied at once, so that a large split never needs its whole matrix. */
const CHUNK = 256;

/**
 * Inner products of every row of one matrix with all rows of another, a row at a time.
 * @param left `[n * width]`
 * @param right `[m * width]`
 * @param visit receives `[m]` numbers, valid during the call, and the row's index
 */
export async function forEachSimilarityRow(
  left: Float32Array,
  right: Float32Array,
  width: number,
  visit: (similarities: ArrayLike<number>, row: number) => void,
): Promise<void> {
  const rowCount = left.length / width;
  const columnCount = right.length / width;
  for (let start = 0; start < rowCount; start += CHUNK) {
    const count = Math.min(CHUNK, rowCount - start);
    const product = tidy(() =>
      matMul(
        tensor2d(left.subarray(start * width, (start + count) * width), [count, width]),
        tensor2d(right, [columnCount, width]),
        { transposeB: true },
      ),
    ); // [count, m]
    const values = await product.data();
    product.dispose();
    for (let index = 0; index < count; index += 1) {
      visit(values.subarray(index * columnCount, (index + 1) * columnCount), start + index);
    }
  }
}
