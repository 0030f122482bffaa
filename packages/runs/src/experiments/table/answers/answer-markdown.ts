import { formatCount, formatP } from '@eim/report';
import { claimLine, differenceCells } from '../difference-cells.js';
import { markdownTable } from '../markdown-table.js';
import { distinct, madeWith, missingLine, sizesDiffer, staleLine } from '../record-facts.js';
import type { AnswerArm, AnswerSummary } from './answer-summary.js';

/** The table of an experiment that scores a benchmark, as Markdown. */
export function answerMarkdown(summary: AnswerSummary): string {
  const { experiment, arms, claim } = summary;
  if (arms.length === 0)
    return [`No unit of ${experiment.name} has been trained yet.`, ...staleLine(summary)].join('\n\n');
  return [
    mainTable(summary),
    ...(claim && experiment.claim ? [claimLine('accuracy', experiment.claim, claim)] : []),
    ...facts(summary),
    ...missingLine(summary),
    ...staleLine(summary),
  ].join('\n\n');
}

function mainTable({ experiment, arms, records }: AnswerSummary): string {
  const columns = experiment.score.benchmark!.columns;
  const shared = arms.every(({ reference }) => reference === experiment.reference);
  const header = [
    'arm',
    'right, %',
    'sd',
    'n',
    ...columns,
    ...(sizesDiffer(arms) ? ['parameters'] : []),
    ...['compute', 'minutes', 'core minutes'],
    `right, % − ${shared ? experiment.reference : 'reference'} (95 %)`,
    ...['p, one-sided', "McNemar's p, by seed"],
  ];
  const rows = arms.map((arm) => [
    arm.name,
    withError(arm.accuracy.mean, binomialError(arm.accuracy.mean, arm.questions)),
    arm.accuracy.standardDeviation?.toFixed(2) ?? '',
    String(arm.seeds.length),
    ...columns.map((column) => columnCell(arm, column)),
    ...(sizesDiffer(arms) ? [formatCount(arm.parameters)] : []),
    (arm.multiplyAdds / arms[0]!.multiplyAdds).toFixed(2),
    arm.minutes.toFixed(1),
    arm.coreMinutes.toFixed(1),
    ...differenceCells(arm, shared, 2),
    arm.tests.map(testText).join(', '),
  ]);
  const lines = Object.entries(records[0]!.score.baselines).map(([name, scores]) => [
    name,
    ...['', '', ''],
    ...columns.map((column) => scores[column]?.toFixed(2) ?? ''),
    ...new Array<string>(header.length - 4 - columns.length).fill(''),
  ]);
  return markdownTable(header, [...rows, ...lines]);
}

function columnCell({ scores }: AnswerArm, column: string): string {
  const score = scores[column];
  return score ? withError(score.mean, scores[`standardError ${column}`]?.mean) : '';
}

const testText = ({ onlyLeft, onlyRight, pValue }: AnswerArm['tests'][number]): string =>
  `${formatP(pValue).replace('= ', '')} (${onlyLeft}:${onlyRight})`;

/** Of a share in percent: `sqrt(p (1 - p) / n)`. */
const binomialError = (percent: number, count: number): number =>
  Math.sqrt((percent * (100 - percent)) / count);

const withError = (value: number, error: number | undefined): string =>
  error === undefined ? value.toFixed(2) : `${value.toFixed(2)} ± ${error.toFixed(2)}`;

function facts({ experiment, records, arms }: AnswerSummary): string[] {
  const { columns } = experiment.score.benchmark!;
  const scored = records.reduce((sum, { scoredTimes }) => sum + scoredTimes, 0);
  const asked = distinct(
    records.map(({ score: { items, benchmark, options } }) => {
      const chosen = Object.entries(options).map(([name, value]) => `${name}=${value}`);
      return `${formatCount(items)} questions of \`${benchmark}\`${chosen.length > 0 ? ` (${chosen.join(', ')})` : ''}`;
    }),
  );
  const { absent, scores } = records[0]!.score;
  const missing = Object.entries(absent).map(([column, reason]) => `${column} (${reason})`);
  const strange = columns.filter((column) => !(column in scores) && !(column in absent));
  return [
    `${asked.join('; ')}, scored ${scored} ${scored === 1 ? 'time' : 'times'} for ${records.length} ${records.length === 1 ? 'training' : 'trainings'}. Behind ±: the binomial standard error of one scoring. Differences: paired bootstrap over questions and seeds, ${formatCount(10_000)} draws; McNemar's exact test of each seed, in brackets the questions that this arm alone and its reference alone answered rightly. Compute: multiply-adds of training, gates included, relative to ${arms[0]!.name}.`,
    ...(missing.length > 0 ? [`Not in these data: ${missing.join('; ')}.`] : []),
    ...(strange.length > 0 ? [`The benchmark gives no ${strange.join(', ')}.`] : []),
    madeWith(records),
  ];
}
