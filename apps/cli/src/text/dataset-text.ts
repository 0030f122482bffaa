import type { DatasetReport } from '@eim/datasets';
import { formatCount } from '@eim/report';
import { textTable } from './text-table.js';

/** What was found in a data set, for a terminal. */
export function datasetText({ name, splits, notes, problems }: DatasetReport): string {
  const rows = Object.entries(splits).map(
    ([split, { rows: count, pictures, answers, answersPerRow: per, repeatedAnswers }]) => [
      split,
      formatCount(count),
      formatCount(pictures),
      formatCount(answers),
      `${per.min}–${per.max}`,
      formatCount(repeatedAnswers),
    ],
  );
  return [
    name,
    textTable([['split', 'rows', 'pictures', 'answers', 'per row', 'repeated'], ...rows]),
    ...notes.map((note) => `Note: ${note}`),
    ...problems.map((problem) => `Problem: ${problem}`),
    ...(problems.length === 0 ? ['Nothing is wrong.'] : []),
  ].join('\n');
}
