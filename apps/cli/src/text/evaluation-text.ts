import type { EvaluationRecord } from '@eim/runs';

/** The scores of a run on a split, beside the baselines where they were asked for. */
export function evaluationText({
  scores,
  absent = {},
  baselines = [],
  notes = [],
  captions,
  split,
  report,
}: EvaluationRecord & { readonly report: string }): string {
  return [
    ...Object.entries(scores).map(([metric, score]) => `${metric.padEnd(8)} ${score.toFixed(4)}`),
    ...Object.entries(absent).map(([metric, reason]) => `No ${metric}: it ${reason}`),
    ...baselines.map(
      ({ name, scores }) => `${name}: CIDEr ${scores.CIDEr?.toFixed(4)}, BLEU-4 ${scores.Bleu_4?.toFixed(4)}`,
    ),
    ...notes,
    `${captions.length} pictures of ${split}. Report: ${report}`,
  ].join('\n');
}
