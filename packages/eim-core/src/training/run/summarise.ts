import type { FeatureCounts } from '../feature-cache/feature-cache.js';
import type { GateVerdict } from '../gates/gate-verdict.js';
import { describeNumericFailure } from './numeric-failure.js';
import type { SegmentResult, TrainResult } from './train-result.js';

/** Totals and plain sentences of a run. */
export function summarise(segments: readonly SegmentResult[], featureCache: FeatureCounts): TrainResult {
  const sum = (of: (segment: SegmentResult) => number) =>
    segments.reduce((total, segment) => total + of(segment), 0);
  const gated = segments.filter(({ gate }) => gate !== undefined);
  const kept = gated.filter(({ gate }) => gate!.kept);
  const helped =
    gated.length === 0
      ? 'ungated'
      : kept.length === gated.length
        ? 'all'
        : kept.length === 0
          ? 'none'
          : 'some';
  return {
    segments: [...segments],
    steps: sum(({ steps }) => steps),
    examples: sum(({ examples }) => examples),
    seconds: sum(({ seconds }) => seconds),
    multiplyAdds: {
      training: sum(({ multiplyAdds }) => multiplyAdds.training),
      encoding: sum(({ multiplyAdds }) => multiplyAdds.encoding),
      evaluation: sum(({ multiplyAdds }) => multiplyAdds.evaluation),
    },
    featureCache,
    measuresThatHelped: helped,
    notes: [
      ...(helped === 'none' ? ['Every gate rolled its segment back: no measure helped.'] : []),
      ...segments.flatMap(notesOf),
      ...cacheNotes(featureCache),
    ],
  };
}

function notesOf({ name, gate, truncatedCaptions, targetsLeftOut, ...segment }: SegmentResult): string[] {
  const notes: string[] = [];
  if (gate && !gate.kept) {
    notes.push(
      `Segment '${name}' was rolled back: ${gate.metric} on ${gate.split} went from ${gate.before} to ${gate.after}${pairedText(gate)}.`,
    );
  }
  if (gate?.share !== undefined && gate.share > 0 && gate.share < 1)
    notes.push(
      `Segment '${name}' left ${formatShare(gate.share)} of the way from its start to its end, the best share by ${gate.metric} on ${gate.split}: ${gate.after}.`,
    );
  notes.push(...(segment.numericFailures ?? []).map((failure) => describeNumericFailure(name, failure)));
  if (segment.stoppedEarly)
    notes.push(`Segment '${name}' stopped early after ${segment.steps} of ${segment.plannedSteps} steps.`);
  const { best, neverMeasured } = segment;
  if (best && gate?.kept !== false)
    notes.push(
      `Segment '${name}' left its weights after step ${best.step}, the best by ${best.metric} on ${best.split}: ${best.value}.`,
    );
  if (neverMeasured)
    notes.push(
      `Segment '${name}' left its last weights: ${neverMeasured.metric} on ${neverMeasured.split} was no finite number at any evaluation.`,
    );
  if (segment.collapsed)
    notes.push(
      `Segment '${name}' learnt nothing: its loss ended at ${segment.lastLoss.toFixed(3)}, where guessing is.`,
    );
  if (truncatedCaptions > 0)
    notes.push(`Segment '${name}': ${truncatedCaptions} captions were cut to ${segment.textLength} tokens.`);
  if (targetsLeftOut > 0)
    notes.push(`Segment '${name}': ${targetsLeftOut} target tokens found no room in their batches.`);
  return notes;
}

const formatShare = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

const pairedText = ({ paired }: GateVerdict): string =>
  paired
    ? `, a mean gain of ${paired.gain} on ${paired.count} pictures where more than one standard error, ${paired.standardError}, was asked for`
    : '';

function cacheNotes({ damaged, unwritten }: FeatureCounts): string[] {
  const notes: string[] = [];
  if (damaged > 0) notes.push(`${damaged} entries of the feature cache were damaged and computed anew.`);
  if (unwritten > 0) notes.push(`${unwritten} entries of the feature cache could not be written.`);
  return notes;
}
