import type { DatasetReport } from '@eim/datasets';
import { formatCount } from '@eim/report';
import { textTable } from './text-table.js';

/** What was found in a data set, for a terminal. */
export function datasetText({ name, splits, notes, problems }: DatasetReport): string {
  const rows = Object.entries(splits).map(([split, report]) => [
    split,
    formatCount(report.rows),
    formatCount(report.pictures),
    formatCount(report.answers),
    `${report.answersPerRow.min}–${report.answersPerRow.max}`,
    formatCount(report.repeatedAnswers),
    formatCount(report.rowsWithPrompt),
  ]);
  return [
    name,
    textTable([['split', 'rows', 'pictures', 'answers', 'a row', 'repeated', 'with a prompt'], ...rows]),
    ...notes.map((note) => `Note: ${note}`),
    ...problems.map((problem) => `Problem: ${problem}`),
    ...(problems.length === 0 ? ['Nothing is wrong.'] : []),
  ].join('\n');
}
