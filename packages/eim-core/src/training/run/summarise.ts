import type { SegmentResult, TrainResult } from './train-result.js';

/** Totals and plain sentences of a run. */
export function summarise(segments: readonly SegmentResult[]): TrainResult {
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
    measuresThatHelped: helped,
    notes: [
      ...(helped === 'none' ? ['Every gate rolled its segment back: no measure helped.'] : []),
      ...segments.flatMap(notesOf),
    ],
  };
}

function notesOf({ name, gate, truncatedCaptions, targetsLeftOut, ...segment }: SegmentResult): string[] {
  const notes: string[] = [];
  if (gate && !gate.kept) {
    notes.push(
      `Segment '${name}' was rolled back: ${gate.metric} on ${gate.split} went from ${gate.before} to ${gate.after}.`,
    );
  }
  if (segment.stoppedEarly)
    notes.push(`Segment '${name}' stopped early after ${segment.steps} of ${segment.plannedSteps} steps.`);
  if (truncatedCaptions > 0)
    notes.push(`Segment '${name}': ${truncatedCaptions} captions were cut to ${segment.textLength} tokens.`);
  if (targetsLeftOut > 0)
    notes.push(`Segment '${name}': ${targetsLeftOut} target tokens found no room in their batches.`);
  return notes;
}
