import type { SpecialTokens } from '@eim/contracts';
import type { Batch, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { matMul } from '@eim/engine';
import {
  cast,
  div,
  equal,
  expandDims,
  maximum,
  minimum,
  mul,
  notEqual,
  range,
  reshape,
  sub,
  sum,
} from '@tensorflow/tfjs-core';

/** `[R, T]`, 1 on the tokens of the answer itself: neither prompt, begin, end nor filling. */
export function contentMask({ ids, mask, promptMask }: Batch, { begin, end }: SpecialTokens): Tensor2D {
  const without = (id: number, kept: Tensor) => mul(kept, cast(notEqual(ids, id), 'float32'));
  const content = without(end, promptMask ? mul(mask, sub(1, promptMask)) : mask);
  return (begin === undefined ? content : without(begin, content)) as Tensor2D;
}

/** Mean over the tokens that a mask keeps; zeros for a row without any. `[R, T, D]`, `[R, T]` to `[R, D]` */
export function meanOverTokens(tokens: Tensor3D, mask: Tensor2D): Tensor2D {
  const total = sum(mul(tokens, expandDims(mask, 2)), 1); // [R, D]
  return div(total, maximum(sum(mask, 1, true), 1)) as Tensor2D;
}

/**
 * Mean over the rows of each picture, of those that say something.
 * @param rows `[R, D]`
 * @param mask `[R, T]`
 * @returns `[P, D]`; zeros for a picture that nothing is said of
 */
export function meanOverRows(rows: Tensor2D, mask: Tensor2D, batch: Batch): Tensor2D {
  const { rowsPerPicture: count } = batch;
  if (count === undefined) return meanByPicture(rows, mask, batch);
  if (count === 1) return rows;
  const width = rows.shape[1];
  const present = reshape(minimum(sum(mask, 1), 1), [-1, count, 1]); // [P, count, 1]
  const total = sum(mul(reshape(rows, [-1, count, width]), present), 1) as Tensor; // [P, D]
  return div(total, maximum(sum(present, 1), 1)) as Tensor2D;
}

/** `[P]`, how many rows say something of each picture. */
export function rowsPerPicture(mask: Tensor2D, batch: Batch): Tensor1D {
  const { rowsPerPicture: count } = batch;
  if (count === undefined) return sum(rowsByPicture(mask, batch), 0);
  return sum(reshape(minimum(sum(mask, 1), 1), [-1, count]), 1);
}

/** `[R, T]`, a mask without the rows of text alone. */
export function shownBy(mask: Tensor2D, { modality }: Batch): Tensor2D {
  return modality ? mul(mask, expandDims(cast(modality, 'float32'), 1)) : mask;
}

/** `[R, P]`, 1 where a row that says something shows a picture. */
function rowsByPicture(mask: Tensor2D, batch: Batch): Tensor2D {
  const said = minimum(sum(shownBy(mask, batch), 1), 1); // [R]
  const shows = equal(expandDims(batch.rowPictures!, 1), range(0, batch.pictureCount, 1, 'int32')); // [R, P]
  return mul(cast(shows, 'float32'), expandDims(said, 1)) as Tensor2D;
}

/** Handles rows in any order, by a product with the matrix that says which picture each row shows. */
function meanByPicture(rows: Tensor2D, mask: Tensor2D, batch: Batch): Tensor2D {
  const shows = rowsByPicture(mask, batch); // [R, P]
  const total = matMul(shows, rows, { transposeA: true }); // [P, D]
  return div(total, maximum(expandDims(sum(shows, 0), 1), 1)) as Tensor2D;
}

/**
 * Where rows stand in any order, `[P]`: 1 for a picture that is no filling and of which something is said. Undefined where
 * every picture has rows of its own.
 */
export function picturesSpokenOf(mask: Tensor2D, batch: Batch): Tensor1D | undefined {
  const { rowsPerPicture, pictureMask } = batch;
  if (rowsPerPicture !== undefined) return undefined;
  const spoken = minimum(sum(rowsByPicture(mask, batch), 0), 1); // [P]
  return (pictureMask ? mul(spoken, pictureMask) : spoken) as Tensor1D;
}
