import type { Dataset, Row, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';

/**
 * A data set from rows already sorted into splits.
 * @throws EimError `invalid-argument` from `split`, for a name that it does not have
 * @example
 * const row = { id: '1', prompt: 'Is ice solid?', answers: ['yes'], choices: ['yes', 'no'] };
 * const dataset = createDataset('quiz', new Map([['test', [row]]]));
 */
export function createDataset(
  name: string,
  splits: ReadonlyMap<SplitName, readonly Row[]>,
  notes: readonly string[] = [],
): Dataset {
  return {
    name,
    splits: [...splits.keys()],
    notes,
    split: (split) => {
      const rows = splits.get(split);
      if (rows) return rows;
      throw new EimError({
        code: 'invalid-argument',
        message: `The data set ${name} has no split "${split}".`,
        advice: `It has: ${[...splits.keys()].join(', ')}.`,
        data: { name, split },
      });
    },
  };
}

/** Keeps only the first rows of each split, for a trial. */
export function limitRows(dataset: Dataset, limit: number): Dataset {
  const splits = new Map(dataset.splits.map((name) => [name, dataset.split(name).slice(0, limit)] as const));
  return createDataset(dataset.name, splits, [
    ...dataset.notes,
    `at most ${limit} rows of each split are used`,
  ]);
}
