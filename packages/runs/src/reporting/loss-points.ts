import type { RunLogEntry } from '@eim/core/node';
import type { TrainResult } from '@eim/core/training';
import type { LossPoint } from '@eim/report';

/** The losses of a run's log, with the training compute that had been spent by then. */
export function lossPoints(
  entries: readonly RunLogEntry[],
  { segments }: Pick<TrainResult, 'segments'>,
): LossPoint[] {
  let before = 0;
  const starts = new Map(
    segments.map((segment) => {
      const { training, encoding } = segment.multiplyAdds;
      const start = { segment, from: before + encoding, perStep: training / Math.max(1, segment.steps) };
      before += training + encoding;
      return [segment.name, start] as const;
    }),
  );
  return entries.flatMap(({ step, segment, segmentStep, loss }) => {
    const start = starts.get(String(segment));
    if (!start || typeof loss !== 'number' || typeof segmentStep !== 'number') return [];
    const multiplyAdds = start.from + segmentStep * start.perStep;
    return [{ step, loss, segment: start.segment.name, objective: start.segment.objective, multiplyAdds }];
  });
}
