import { type Dataset, EimError, type Picture, type Row } from '@eim/contracts';
import { hasPrompt } from '../data/text-length.js';

/** A row that is a picture with captions. */
export interface CaptionedRow extends Row {
  readonly picture: Picture;
}

/** Whether a row is a picture to be captioned. */
export const isCaptioned = (row: Row): row is CaptionedRow =>
  row.picture !== undefined && !hasPrompt(row) && row.choices === undefined;

/**
 * The rows of a split, every one a picture with captions.
 * @throws EimError `invalid-data` where one asks something or has no picture
 */
export function captionedRows(dataset: Dataset, split: string): readonly CaptionedRow[] {
  const rows = dataset.split(split);
  const other = rows.find((row) => !isCaptioned(row));
  if (!other) return rows as readonly CaptionedRow[];
  throw new EimError({
    code: 'invalid-data',
    message: `${split} of ${dataset.name} holds rows that are no captions of pictures, the first '${other.id}'.`,
    advice: 'Score it with `eim eval`, which measures accuracy and exact match there.',
    data: { split, id: other.id },
  });
}
