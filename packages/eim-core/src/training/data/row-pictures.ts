import type { Picture, Row } from '@eim/contracts';

/** The distinct pictures of a split, and which of them each row shows. */
export interface RowPictures {
  readonly pictures: readonly Picture[];
  /** For each row an index into `pictures`, or -1 for text alone. */
  readonly ofRow: Int32Array;
  /** Whether every row shows a picture that no other row shows. */
  readonly oneEach: boolean;
  readonly someTextAlone: boolean;
}

/** Finds the pictures that rows share, by their fingerprints. */
export function findRowPictures(rows: readonly Row[]): RowPictures {
  const pictures: Picture[] = [];
  const known = new Map<string, number>();
  const ofRow = Int32Array.from(rows, ({ picture }) => {
    if (!picture) return -1;
    const found = known.get(picture.fingerprint);
    if (found !== undefined) return found;
    known.set(picture.fingerprint, pictures.length);
    return pictures.push(picture) - 1;
  });
  const someTextAlone = ofRow.includes(-1);
  return { pictures, ofRow, oneEach: pictures.length === rows.length, someTextAlone };
}
