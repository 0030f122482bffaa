import type { Batch } from '@eim/contracts/model';

/**
 * Which rows of the split a batch holds of each picture, each once: filling and text alone are left out.
 * @returns `[P]` lists of indices into the split's rows
 */
export async function rowsOfPictures(batch: Batch): Promise<number[][]> {
  const [indices, pictures, kinds, mask] = await Promise.all([
    batch.rowIndices.data(),
    batch.rowPictures!.data(),
    batch.modality?.data(),
    batch.mask.data(),
  ]);
  const length = batch.mask.shape[1];
  const found = Array.from({ length: batch.pictureCount }, () => new Set<number>());
  indices.forEach((index, row) => {
    const isFilling = mask[row * length] === 0;
    if (!isFilling && kinds?.[row] !== 0) found[pictures[row]!]!.add(index);
  });
  return found.map((rows) => [...rows]);
}
