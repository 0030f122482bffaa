import type { DataState } from '../data/training-batches.js';

/** What a segment counts as it goes; plain data, so that it survives a checkpoint. */
export interface SegmentCounts {
  /** Steps taken. */
  readonly step: number;
  /** Rows trained on. */
  readonly examples: number;
  readonly firstLoss?: number;
  /** Losses of the latest steps. */
  readonly recentLosses: readonly number[];
  /** Targets that batches had no room for. */
  readonly targetsLeftOut: number;
}

/** Where a segment stood after a step: its counts, and where its data were. */
export interface SegmentPoint extends SegmentCounts {
  readonly data: DataState;
}

/** The counts of a segment that has not begun. */
export const NO_COUNTS: SegmentCounts = { step: 0, examples: 0, recentLosses: [], targetsLeftOut: 0 };

/** What is counted of a batch that a step took. */
export interface TakenBatch {
  readonly rows: number;
  /** Its number among all batches of its split. */
  readonly number: number;
  /** Targets that it had no room for. */
  readonly leftOut: number;
}

/** @param steps of the whole segment; losses of its last tenth are remembered */
export function countStep(
  counts: SegmentCounts,
  { batches, loss }: { readonly batches: readonly TakenBatch[]; readonly loss: number },
  steps: number,
): SegmentCounts {
  const sum = (of: (batch: TakenBatch) => number) => batches.reduce((total, batch) => total + of(batch), 0);
  return {
    step: counts.step + 1,
    examples: counts.examples + sum(({ rows }) => rows),
    targetsLeftOut: counts.targetsLeftOut + sum(({ leftOut }) => leftOut),
    firstLoss: counts.firstLoss ?? loss,
    recentLosses: [...counts.recentLosses, loss].slice(-Math.ceil(steps / 10)),
  };
}
