import type { RunLogEntry } from '@eim/core/node';
import type { SegmentResult } from '@eim/core/training';
import type { TrainingRecord } from '../records/unit-record.js';
import { significant } from './significant.js';

/** Most points of a curve, and most values measured on held-out rows. */
const MOST_POINTS = 60;

/** A run's log in few points: losses are means over the steps since the point before. */
export function learningCurve(
  entries: readonly RunLogEntry[],
  segments: readonly SegmentResult[],
): Pick<TrainingRecord, 'curve' | 'heldOut'> {
  const secondsAt = trainingSeconds(segments);
  const losses = entries.filter(({ loss }) => typeof loss === 'number');
  const width = Math.max(1, Math.ceil(losses.length / MOST_POINTS));
  const curve: TrainingRecord['curve'] = [];
  for (let start = 0; start < losses.length; start += width) {
    const bin = losses.slice(start, start + width);
    const last = bin.at(-1)!;
    const mean = bin.reduce((sum, { loss }) => sum + (loss as number), 0) / bin.length;
    curve.push([last.step, significant(secondsAt(last)), significant(mean)]);
  }
  return { curve, heldOut: thinned(entries.flatMap(heldOutValues)) };
}

/** Seconds of training until an entry; pauses between an interruption and its resumption are not counted. */
function trainingSeconds(segments: readonly SegmentResult[]): (entry: RunLogEntry) => number {
  const starts = new Map<string, { readonly before: number; readonly perStep: number }>();
  let before = 0;
  for (const { name, seconds, steps } of segments) {
    starts.set(name, { before, perStep: seconds / Math.max(1, steps) });
    before += seconds;
  }
  return ({ segment, segmentStep }) => {
    const start = starts.get(String(segment));
    return start ? start.before + Number(segmentStep) * start.perStep : before;
  };
}

/** What a gate logs that was not measured, but follows from it. */
const OF_VERDICTS = ['gate/kept', 'gate/share', 'gate/gain', 'gate/standardError'];

/** Values of early stopping, as `val/loss`, and of gates, as `gate/loss/before`. */
function heldOutValues({ step, ...values }: RunLogEntry): TrainingRecord['heldOut'] {
  return Object.entries(values).flatMap(([name, value]): TrainingRecord['heldOut'] =>
    name.includes('/') &&
    !name.startsWith('gradientNorm/') &&
    !OF_VERDICTS.includes(name) &&
    typeof value === 'number'
      ? [[step as number, name, significant(value)]]
      : [],
  );
}

function thinned<Item>(items: readonly Item[]): Item[] {
  const every = Math.ceil(items.length / MOST_POINTS);
  return items.filter((_, index) => (items.length - 1 - index) % every === 0);
}
