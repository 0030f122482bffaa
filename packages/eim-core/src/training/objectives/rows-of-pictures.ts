import type { Batch } from '@eim/contracts/model';

/** Rows of a batch by the picture that they show, filling among them; rows of text are left out. `[P]` */
export async function rowsOfPictures({ pictureCount, rowPictures, modality }: Batch): Promise<number[][]> {
  const rows: number[][] = Array.from({ length: pictureCount }, () => []);
  const shown = await rowPictures!.data();
  const kinds = await modality?.data();
  shown.forEach((picture, row) => {
    if (kinds?.[row] !== 0) rows[picture]!.push(row);
  });
  return rows;
}

/**
 * Which rows of the split a batch holds of each picture, each once: filling and text alone are left out.
 * @returns `[P]` lists of indices into the split's rows
 */
export async function splitRowsOfPictures(batch: Batch): Promise<number[][]> {
  const [shown, indices, mask] = await Promise.all([
    rowsOfPictures(batch),
    batch.rowIndices.data(),
    batch.mask.data(),
  ]);
  const length = batch.mask.shape[1];
  const isReal = (row: number) => mask[row * length] !== 0;
  return shown.map((rows) => [...new Set(rows.filter(isReal).map((row) => indices[row]!))]);
}
