import type { RowPictures } from './row-pictures.js';

/** The pictures of a batch and which of them each of its rows shows. */
export interface BatchPictures {
  /** P: places for pictures, the same in every batch of a split. */
  readonly slots: number;
  /** Pictures of the split in the first places; the others are filling. */
  readonly chosen: readonly number[];
  /** For each row of the batch its picture's slot, or -1 for text alone. */
  readonly slotOfRow: Int32Array;
  /** How many rows each picture has, where all have equally many and rows lie in the order of their pictures. */
  readonly rowsPerPicture?: number | undefined;
  /** Whether rows of the split, not only of this batch, are text alone: all batches of a split have the same tensors. */
  readonly someTextAlone: boolean;
  readonly mayHaveFilling: boolean;
}

/**
 * Each picture of some rows once, in the order in which it is first shown.
 * @param rows of the split, each `rowsEach` times in the batch
 */
export function choosePictures(
  { ofRow, oneEach, someTextAlone, pictures }: RowPictures,
  rows: readonly number[],
  rowsEach: number,
): BatchPictures {
  const slotOf = new Map<number, number>();
  const slotOfRow = new Int32Array(rows.length * rowsEach);
  rows.forEach((row, place) => {
    const picture = ofRow[row]!;
    // Rows that all show pictures of their own may still hold one twice, where a last batch is filled up.
    const known = oneEach ? undefined : slotOf.get(picture);
    const slot = picture < 0 ? -1 : (known ?? (oneEach ? place : slotOf.size));
    if (picture >= 0 && known === undefined && !oneEach) slotOf.set(picture, slot);
    slotOfRow.fill(slot, place * rowsEach, (place + 1) * rowsEach);
  });
  if (oneEach) {
    const chosen = rows.map((row) => ofRow[row]!);
    return {
      slots: rows.length,
      chosen,
      slotOfRow,
      rowsPerPicture: rowsEach,
      someTextAlone: false,
      mayHaveFilling: false,
    };
  }
  const slots = Math.min(rows.length, pictures.length);
  return {
    slots,
    chosen: [...slotOf.keys()],
    slotOfRow,
    someTextAlone: someTextAlone && slots > 0,
    mayHaveFilling: slots > 0,
  };
}
