import type { DatasetReport } from '@eim/datasets';
import { formatCount } from '@eim/report';
import { textTable } from './text-table.js';

/** What was found in a data set, for a terminal. */
export function datasetText({ name, splits, notes, problems }: DatasetReport): string {
  const rows = Object.entries(splits).map(
    ([split, { pictures, captions, captionsPerPicture: per, repeatedCaptions }]) => [
      split,
      formatCount(pictures),
      formatCount(captions),
      `${per.min}–${per.max}`,
      formatCount(repeatedCaptions),
    ],
  );
  return [
    name,
    textTable([['split', 'pictures', 'captions', 'per picture', 'repeated'], ...rows]),
    ...notes.map((note) => `Note: ${note}`),
    ...problems.map((problem) => `Problem: ${problem}`),
    ...(problems.length === 0 ? ['Nothing is wrong.'] : []),
  ].join('\n');
}
