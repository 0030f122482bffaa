import type { DataState } from '../data/training-batches.js';
import type { EarlyStoppingState } from '../gates/early-stopping.js';
import type { NamedArray } from '../optimizer/snapshot.js';
import type { EngineIdentity } from '../run/engine-identity.js';
import type { RecoveryState } from '../run/recovery-state.js';
import type { SegmentCounts } from '../run/segment-counts.js';
import type { ComputeSpent, SegmentResult } from '../run/train-result.js';

/** What must be the same for a resumed run to end where the interrupted one would have ended. */
export interface RunIdentity {
  readonly planHash: string;
  readonly datasetHash: string;
  readonly seed: string;
  readonly engine: EngineIdentity;
}

/** A segment that has begun. */
export interface SegmentProgress extends SegmentCounts {
  readonly gateBefore?: number;
  readonly earlyStopping: EarlyStoppingState;
  /** Where the segment would go back to, and where it did. Absent: it never goes back. */
  readonly recovery?: RecoveryState;
  readonly seconds: number;
  readonly multiplyAdds: ComputeSpent;
}

/** Everything but tensors. */
export interface TrainingState {
  readonly formatVersion: 1;
  readonly identity: RunIdentity;
  readonly segmentIndex: number;
  readonly segmentName: string | undefined;
  /** Present inside a segment. */
  readonly progress?: SegmentProgress;
  /** Optimizer steps since the start of the plan. */
  readonly totalSteps: number;
  /** Where the data stand, by split. */
  readonly data: Readonly<Record<string, DataState>>;
  readonly random: string;
  readonly finished: readonly SegmentResult[];
}

/**
 * `model`: every parameter that learns in some segment of the plan. Inside a segment also `optimizer` (moments), `average` (EMA),
 * `objective` (what exists during training alone), `factors` (of updates of low rank), `start` (what learns, as the segment
 * found it), `best`, `good` (what the segment would go back to), and `gate` (what its gate measured of single pictures).
 */
export type CheckpointGroup =
  | 'model'
  | 'optimizer'
  | 'average'
  | 'objective'
  | 'factors'
  | 'start'
  | 'best'
  | 'good'
  | 'gate';

export interface Checkpoint {
  readonly state: TrainingState;
  readonly tensors: Readonly<Partial<Record<CheckpointGroup, readonly NamedArray[]>>>;
}

export interface CheckpointStore {
  /** Atomic. @throws EimError `storage-failed` naming the file; what was saved before stays */
  save(checkpoint: Checkpoint): Promise<void>;
  /** The latest whole checkpoint, or undefined. */
  latest(): Promise<Checkpoint | undefined>;
}
