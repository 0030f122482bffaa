import { EimError } from '@eim/contracts';
import { listSome } from '../files/json-fields.js';
import type { ScienceQaData } from './read-problems.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

/**
 * The questions of one split, in the order of `pid_splits.json`, or of the problems where that is absent.
 * @throws EimError `invalid-argument` for an unknown split, `invalid-data` where the data lack some of its
 * questions: a score is never of fewer than the split has
 */
export function selectSplit({ problems, splits }: ScienceQaData, split: string): ScienceQaProblem[] {
  const ids = splits.get(split);
  if (ids === undefined) {
    const selected = [...problems.values()].filter((problem) => problem.split === split);
    if (selected.length > 0) return selected;
    const known = new Set([...splits.keys(), ...[...problems.values()].map((problem) => problem.split)]);
    throw new EimError({
      code: 'invalid-argument',
      message: `There is no split "${split}".`,
      advice: `Choose one of ${[...known].join(', ')}.`,
      data: { split },
    });
  }
  const missing = ids.filter((id) => !problems.has(id));
  if (missing.length > 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `The data lack ${missing.length} of the ${ids.length} questions of the split "${split}": ${listSome(missing)}.`,
      advice: 'Give the official problems.json, which has all.',
      data: { split, missing: missing.length, questions: ids.length },
    });
  }
  return ids.map((id) => problems.get(id)!);
}
