import { EimError } from '@eim/contracts';
import { learningAnywhere } from '../../compose/learning-anywhere.js';
import type { Checkpoint, SegmentProgress, TrainingState } from '../checkpoints/checkpoint.js';
import type { DataState } from '../data/training-batches.js';
import { type NamedVariable, restore, snapshot } from '../optimizer/snapshot.js';
import type { SegmentResult } from './train-result.js';
import type { TrainingEnvironment } from './training-environment.js';

/** Where a run stands, apart from the state of its current segment. */
export class TrainingSession {
  readonly environment: TrainingEnvironment;
  segmentIndex = 0;
  totalSteps = 0;
  /** Where the data stand, by split. */
  readonly data: Record<string, DataState> = {};
  readonly finished: SegmentResult[] = [];

  constructor(environment: TrainingEnvironment) {
    this.environment = environment;
  }

  /**
   * Takes up the latest checkpoint, where there is one.
   * @returns the checkpoint, if it was saved inside a segment
   * @throws EimError `invalid-config` where plan, data, seed or engine differ from the checkpoint's
   */
  async resume(): Promise<Checkpoint | undefined> {
    const checkpoint = await this.environment.options.checkpoints?.latest();
    if (!checkpoint) return undefined;
    const { state, tensors } = checkpoint;
    assertSameRun(state, this.environment);
    restore(this.#weights, tensors.model ?? [], "the checkpoint's model");
    this.segmentIndex = state.segmentIndex;
    this.totalSteps = state.totalSteps;
    Object.assign(this.data, state.data);
    this.finished.push(...state.finished);
    this.environment.random.restore(state.random);
    return state.progress ? checkpoint : undefined;
  }

  /** @param segment tensors and numbers of the segment that runs; absent between segments */
  async save(segment?: {
    readonly progress: SegmentProgress;
    readonly tensors: Omit<Checkpoint['tensors'], 'model'>;
  }): Promise<void> {
    const { checkpoints, plan, group } = this.environment.options;
    if (group && group.rank > 0) return;
    await checkpoints?.save({
      state: {
        formatVersion: 1,
        identity: this.environment.identity,
        segmentIndex: this.segmentIndex,
        segmentName: plan.segments[this.segmentIndex]?.name,
        ...(segment && { progress: segment.progress }),
        totalSteps: this.totalSteps,
        data: { ...this.data },
        random: this.environment.random.state(),
        finished: [...this.finished],
      },
      tensors: { model: await snapshot(this.#weights), ...segment?.tensors },
    });
  }

  /** Every weight that some segment of the plan may change; the others are the same whenever the model is built. */
  get #weights(): NamedVariable[] {
    const { model, plan } = this.environment.options;
    return learningAnywhere(model, plan).map(({ name, parameter: { variable } }) => ({ name, variable }));
  }
}

const WHAT_MUST_AGREE = {
  planHash: 'the plan',
  datasetHash: 'the data set',
  seed: 'the seed',
  engine: 'the engine',
} as const;

function assertSameRun({ identity: saved }: TrainingState, { identity: now }: TrainingEnvironment): void {
  const changed = Object.entries(WHAT_MUST_AGREE)
    .filter(([key]) => {
      const field = key as keyof typeof WHAT_MUST_AGREE;
      return JSON.stringify(saved[field]) !== JSON.stringify(now[field]);
    })
    .map(([, name]) => name);
  if (changed.length === 0) return;
  throw new EimError({
    code: 'invalid-config',
    message: `The run cannot be resumed: ${changed.join(', ')} differ${changed.length === 1 ? 's' : ''} from the checkpoint's.`,
    advice: 'Resume with what the run was started with, or start a new run.',
    data: { changed, saved, now },
  });
}
