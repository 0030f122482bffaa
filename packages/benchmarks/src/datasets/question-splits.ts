import type { Dataset, Picture, Row, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';

/** A row of a benchmark before its picture is opened. */
export interface QuestionRow extends Omit<Row, 'picture'> {
  /** The picture's name below the picture folder; null where there is one that the data do not name. */
  readonly picture?: string | null;
}

/** The questions of a benchmark in their splits. */
export interface QuestionSplits {
  readonly name: string;
  readonly splits: ReadonlyMap<SplitName, readonly QuestionRow[]>;
  readonly notes: readonly string[];
}

/**
 * The questions as a data set.
 * @param pictures by name; questions whose picture is not among them are left out and counted
 * @throws EimError `invalid-data` where none is left
 */
export function questionDataset(
  { name, splits, notes }: QuestionSplits,
  pictures: ReadonlyMap<string, Picture>,
  limit = Number.POSITIVE_INFINITY,
): Dataset {
  const said = [...notes];
  const kept = new Map<SplitName, readonly Row[]>();
  for (const [split, questions] of splits) {
    const rows = questions.flatMap(({ picture: named, ...row }): Row[] => {
      if (named === undefined) return [row];
      const picture = named === null ? undefined : pictures.get(named);
      return picture ? [{ ...row, picture }] : [];
    });
    const lost = questions.length - rows.length;
    if (lost > 0) said.push(`${lost} of the ${questions.length} questions of ${split} left out: no picture`);
    if (rows.length > limit) said.push(`only the first ${limit} questions of ${split} are used`);
    if (rows.length > 0) kept.set(split, rows.slice(0, limit));
  }
  if (kept.size === 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `No question of ${name} is left: none of their pictures was found.`,
      advice: 'Name their folder in `images`.',
    });
  }
  return {
    name,
    splits: [...kept.keys()],
    notes: said,
    split: (split) => {
      const rows = kept.get(split);
      if (rows) return rows;
      throw new EimError({
        code: 'invalid-argument',
        message: `The data set ${name} has no split "${split}".`,
        advice: `It has: ${[...kept.keys()].join(', ')}.`,
        data: { name, split },
      });
    },
  };
}
