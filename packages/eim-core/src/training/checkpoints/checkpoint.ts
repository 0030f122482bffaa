import type { DataState } from '../data/training-batches.js';
import type { EarlyStoppingState } from '../gates/early-stopping.js';
import type { NamedArray } from '../optimizer/snapshot.js';
import type { EngineIdentity } from '../run/engine-identity.js';
import type { ComputeSpent, SegmentResult } from '../run/train-result.js';

/** What must be the same for a resumed run to end where the interrupted one would have ended. */
export interface RunIdentity {
  readonly planHash: string;
  readonly datasetHash: string;
  readonly seed: string;
  readonly engine: EngineIdentity;
}

/** A segment that has begun. */
export interface SegmentProgress {
  /** Steps taken. */
  readonly step: number;
  readonly gateBefore?: number;
  readonly earlyStopping: EarlyStoppingState;
  readonly examples: number;
  readonly firstLoss?: number;
  /** Losses of the latest steps. */
  readonly recentLosses: readonly number[];
  readonly targetsLeftOut: number;
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
 * found it) and `best`.
 */
export type CheckpointGroup = 'model' | 'optimizer' | 'average' | 'objective' | 'factors' | 'start' | 'best';

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
