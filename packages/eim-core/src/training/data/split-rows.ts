import { type Dataset, EimError, type Row } from '@eim/contracts';

/**
 * The rows of a split that a plan uses.
 * @throws EimError `invalid-config` where the data set has no such split, or it is empty
 */
export function splitRows(dataset: Dataset, split: string): readonly Row[] {
  const rows = dataset.splits.includes(split) ? dataset.split(split) : [];
  if (rows.length > 0) return rows;
  throw new EimError({
    code: 'invalid-config',
    message: `The plan uses the split '${split}', of which the data set ${dataset.name} has no rows.`,
    advice: `Its splits are ${dataset.splits.join(', ')}.`,
    data: { split, splits: dataset.splits },
  });
}
