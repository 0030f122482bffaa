import type { NumericFailure } from './numeric-failure.js';
import type { SegmentPoint } from './segment-counts.js';

/** What a checkpoint holds of a segment's ways back, apart from the tensors of the copy. */
export interface RecoveryState {
  /** Where the segment began. */
  readonly start: SegmentPoint;
  /** Where the copy was made, if there is one. */
  readonly copy?: SegmentPoint;
  readonly failures: readonly NumericFailure[];
}
