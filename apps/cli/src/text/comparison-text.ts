import { formatCount, formatDuration, formatLarge, formatP, keptText, type ReportScores } from '@eim/report';
import type { ComparisonOutcome } from '@eim/runs';
import { textTable } from './text-table.js';

const METRICS = ['Bleu_1', 'Bleu_2', 'Bleu_3', 'Bleu_4', 'ROUGE_L', 'CIDEr'] as const;

/** The table of scores, tests, gates, findings and the report's path, for a terminal. */
export function comparisonText({
  runs,
  baselines,
  comparisons,
  findings,
  report,
  seconds,
}: ComparisonOutcome): string {
  const cells = (scores: ReportScores | undefined) =>
    METRICS.map((metric) => scores?.[metric]?.toFixed(3) ?? '');
  const table = textTable([
    ['', ...METRICS, 'steps', 'multiply-adds', 'time'],
    ...runs.map(({ name, scores, steps, multiplyAdds, seconds }) => [
      name,
      ...cells(scores),
      formatCount(steps),
      formatLarge(multiplyAdds),
      formatDuration(seconds),
    ]),
    ...baselines.map(({ name, scores }) => [name, ...cells(scores)]),
  ]);
  const gates = runs.flatMap(({ name, gates }) =>
    gates.map(
      ({ segment, metric, before, after, kept, share }) =>
        `  ${kept ? '✓' : '↩'} ${name} › ${segment}: ${metric} ${before.toFixed(3)} → ${after.toFixed(3)}, ${keptText({ kept, ...(share !== undefined && { share }) })}`,
    ),
  );
  const tests = comparisons.map(
    ({ better, than, metric, difference, pValue, oneSidedPValue }) =>
      `  ${better} − ${than}: ${metric} ${difference.toFixed(3)}, p ${formatP(oneSidedPValue)} one-sided, ${formatP(pValue)} two-sided`,
  );
  return [
    table,
    '',
    'Paired bootstrap:',
    ...tests,
    '',
    ...(gates.length > 0 ? ['Gates:', ...gates, ''] : []),
    ...findings,
    `Took ${formatDuration(seconds)}.`,
    `Report: ${report}`,
  ].join('\n');
}
