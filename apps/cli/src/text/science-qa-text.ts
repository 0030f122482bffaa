import { PUBLISHED_ROWS, SCIENCE_QA_COLUMNS, type ScienceQaResult, TEST_QUESTIONS } from '@eim/benchmarks';
import { textTable } from './text-table.js';

/** A ScienceQA result for a terminal: its columns above the published ones, and how answers were counted. */
export function scienceQaText(result: ScienceQaResult): string {
  const { split, questions, correct, unparsed, missing, otherSplits, absent, mcnemar } = result;
  const columns = SCIENCE_QA_COLUMNS.filter((column) => result[column] !== undefined);
  const row = (name: string, value: (column: (typeof columns)[number]) => number) => [
    name,
    ...columns.map((column) => value(column).toFixed(2)),
  ];
  const published = questions === TEST_QUESTIONS ? PUBLISHED_ROWS : [];
  const rule = unparsed.rule === 'wrong' ? 'wrong' : `a random choice (seed ${unparsed.seed})`;
  return [
    textTable([
      ['', ...columns],
      row('these predictions', (column) => result[column]!),
      row('± standard error', (column) => result.standardError[column]!),
      ...published.map(({ name, accuracy }) => row(name, (column) => accuracy[column])),
    ]),
    `${correct} of ${questions} questions of ${split} right.`,
    `${unparsed.count} answers name no choice${missing > 0 ? `, ${missing} of them missing` : ''}; each counts as ${rule}.`,
    ...(otherSplits > 0 ? [`${otherSplits} answers to questions of other splits were left out.`] : []),
    ...(mcnemar
      ? [
          `Against ${mcnemar.against} (AVG ${mcnemar.AVG.toFixed(2)}): ${mcnemar.onlyThis} questions only these predictions got right, ${mcnemar.onlyOther} only the other; McNemar's exact two-sided p ${mcnemar.pValue.toPrecision(3)}.`,
        ]
      : []),
    ...Object.entries(absent).map(([column, reason]) => `No ${column}: ${reason}.`),
  ].join('\n');
}
