import { type Dataset, EimError } from '@eim/contracts';

/** @throws EimError `invalid-argument` where the data set has no split of that name, or it has no answers to compare with */
export function requireSplit(dataset: Dataset, split: string): void {
  if (dataset.unanswered?.includes(split)) throw noAnswers(dataset, split);
  if (dataset.splits.includes(split)) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `The data set ${dataset.name} has no split "${split}".`,
    advice: `Choose one of ${dataset.splits.join(', ')} with --split.`,
    data: { split, splits: dataset.splits },
  });
}

function noAnswers({ name, splits, unanswered = [] }: Dataset, split: string): EimError {
  const others = splits.filter((one) => !unanswered.includes(one));
  return new EimError({
    code: 'invalid-argument',
    message: `The rows of the split "${split}" of ${name} have no answers, so there is nothing to compare with.`,
    advice: `Choose one of ${others.join(', ')} with --split.`,
    data: { split, splits: others },
  });
}
