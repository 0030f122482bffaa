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

/** @param steps of the whole segment; losses of its last tenth are remembered */
export function countStep(
  counts: SegmentCounts,
  taken: { readonly rows: number; readonly leftOut: number; readonly loss: number },
  steps: number,
): SegmentCounts {
  return {
    step: counts.step + 1,
    examples: counts.examples + taken.rows,
    targetsLeftOut: counts.targetsLeftOut + taken.leftOut,
    firstLoss: counts.firstLoss ?? taken.loss,
    recentLosses: [...counts.recentLosses, taken.loss].slice(-Math.ceil(steps / 10)),
  };
}
