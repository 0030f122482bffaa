import { type Dataset, EimError } from '@eim/contracts';

/** @throws EimError `invalid-argument` where the data set has no split of that name */
export function requireSplit(dataset: Dataset, split: string): void {
  if (dataset.splits.includes(split)) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `The data set ${dataset.name} has no split "${split}".`,
    advice: `Choose one of ${dataset.splits.join(', ')} with --split.`,
    data: { split, splits: dataset.splits },
  });
}
