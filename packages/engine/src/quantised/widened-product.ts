import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { add, concat, matMul, slice, tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { activeTrace } from '../recording/active-trace.js';
import { TraceProblem } from '../recording/trace-problem.js';
import type { RowsInBlocks } from './quantised-matrix.js';

/** Floats that are widened at a time: 4 MB. */
const PANEL_VALUES = 2 ** 20;

/** Some rows as floats, `[count, columns]`. */
function panel({ store, first }: RowsInBlocks, columns: number, from: number, count: number): Float32Array {
  if (activeTrace()) throw new TraceProblem('it widens weights in blocks in JavaScript');
  const { format, rowBytes } = store;
  const floats = new Float32Array(count * columns);
  const start = (first + from) * rowBytes;
  format.widen(store.bytesNow().subarray(start, start + count * rowBytes), floats);
  return floats;
}

/** First row and count of each panel. */
function panels(rows: number, columns: number): [from: number, count: number][] {
  const most = Math.max(1, Math.floor(PANEL_VALUES / columns));
  return Array.from({ length: Math.ceil(rows / most) }, (_, index) => [
    index * most,
    Math.min(most, rows - index * most),
  ]);
}

/** `x W^T` by plain operations, on engines that have no kernel of ours: W is widened some rows at a time. @returns `[N, rows]` */
export function widenedProduct(x: Tensor2D, part: RowsInBlocks, columns: number): Tensor2D {
  const products = panels(part.rows, columns).map(([from, count]) =>
    tidy(() => {
      const weight = tensor2d(panel(part, columns, from, count), [count, columns]);
      return matMul<Tensor2D>(x, weight, false, true); // [N, count]
    }),
  );
  return products.length === 1 ? products[0]! : (concat(products, 1) as Tensor2D);
}

/** `dy W`, likewise. @returns `[N, columns]` */
export function widenedGradient(dy: Tensor2D, part: RowsInBlocks, columns: number): Tensor2D {
  return panels(part.rows, columns).reduce<Tensor2D | undefined>(
    (sum, [from, count]) =>
      tidy(() => {
        const weight = tensor2d(panel(part, columns, from, count), [count, columns]);
        const product = matMul<Tensor2D>(slice(dy, [0, from], [-1, count]), weight); // [N, columns]
        return sum === undefined ? product : add<Tensor2D>(sum, product);
      }),
    undefined,
  )!;
}

/** Rows by index. @returns the shape of `ids` with the columns added at the end */
export function widenedRows(part: RowsInBlocks, ids: Tensor, columns: number): Tensor {
  const rows = ids.dataSync<'int32'>();
  const values = new Float32Array(rows.length * columns);
  for (const [index, row] of rows.entries()) values.set(panel(part, columns, row, 1), index * columns);
  return tensor(values, [...ids.shape, columns]);
}
