import type { Batch, RandomStream } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import { disposeShards } from '../data/batch-tensors.js';
import { patchViews } from '../data/patch-views.js';
import type { SplitData } from '../data/split-data.js';
import { type DataState, TrainingBatches } from '../data/training-batches.js';
import { prepareBatch } from '../prepare-batch.js';
import { checkShareable } from '../sharing/check-shareable.js';
import { type RowShard, shardOf } from '../sharing/row-shard.js';
import { shardedRandom } from '../sharing/sharded-random.js';
import type { SegmentLearner } from './segment-learner.js';
import type { TrainingEnvironment } from './training-environment.js';

/** A batch of a step. */
export interface StepBatch {
  /** The caller disposes of its tensors. */
  readonly batch: Batch;
  /** What every process of a group has of it, where the step needs that; this one's among them. The caller disposes of their tensors. */
  readonly shards?: readonly Batch[] | undefined;
  /** Of all processes together. */
  readonly rows: number;
  /** Its number among all batches of its split. */
  readonly number: number;
  /** Targets that the batch had no room for. */
  readonly leftOut: number;
}

/** The batches of a segment's steps, one after the other. */
export class StepBatches {
  readonly #environment: TrainingEnvironment;
  readonly #segment: Segment;
  readonly #learner: SegmentLearner;
  readonly #split: SplitData;
  /** Which rows of each batch this process computes. Absent: all. */
  readonly #shard: RowShard | undefined;
  /** Those of all processes, where the objective compares their rows. */
  readonly #shards: readonly RowShard[] | undefined;
  #batches: TrainingBatches;

  /** @throws EimError `invalid-config` where the processes of a group cannot share the segment */
  constructor(
    environment: TrainingEnvironment,
    segment: Segment,
    learner: SegmentLearner,
    split: SplitData,
    state: DataState | undefined,
  ) {
    this.#environment = environment;
    this.#segment = segment;
    this.#learner = learner;
    this.#split = split;
    const { group } = environment.options;
    if (group) {
      checkShareable(group, segment, learner.objective, split.pictures);
      const { rank, size } = group;
      const shards = Array.from({ length: size }, (_, rank) => shardOf({ rank, size }, segment.batchSize));
      this.#shard = shards[rank];
      this.#shards = learner.objective.comparison && shards;
    }
    this.#batches = this.#from(state);
  }

  /** Where the data stand after the last batch. */
  get state(): DataState {
    return this.#batches.state;
  }

  /** The data come again from there on. */
  goBackTo(state: DataState): void {
    this.#batches = this.#from(state);
  }

  /** What the forward pass of a step's batch draws from. @param name of the step */
  random(name: string): RandomStream {
    const random = this.#environment.random.fork(`step.${this.#segment.name}.${name}`);
    return this.#shard ? shardedRandom(random, this.#shard) : random;
  }

  /** The next batch. @param skipped numbers of batches that are passed over */
  async draw(skipped: ReadonlySet<number>): Promise<StepBatch> {
    while (skipped.has(this.#batches.state.batches)) disposeShards(await this.#batches.next());
    const number = this.#batches.state.batches;
    const { batch, shards, leftOut } = await this.#batches.next();
    const { batchSize, captionsPerPicture } = this.#segment;
    return { batch, shards, rows: batchSize * captionsPerPicture, number, leftOut };
  }

  /**
   * Adds to a batch what the objective prepares for it. A batch that cannot be prepared is freed.
   * @param name of the step that it is for, by which the preparation draws
   */
  async prepare(drawn: StepBatch, name: string): Promise<StepBatch> {
    const { objective, parts } = this.#learner;
    const random = this.#environment.random.fork(`prepare.${this.#segment.name}.${name}`);
    try {
      const batch = await prepareBatch(objective, parts, drawn.batch, { training: true, random });
      const shards = drawn.shards?.map((one) => (one === drawn.batch ? batch : one));
      return { ...drawn, batch, shards };
    } catch (error) {
      disposeShards(drawn);
      throw error;
    }
  }

  #from(state: DataState | undefined): TrainingBatches {
    const { batchSize, captionsPerPicture, data } = this.#segment;
    const { random: all, model } = this.#environment;
    const random = all.fork(`data.${data.split}`);
    return new TrainingBatches(this.#split, {
      batchSize,
      captionsPerPicture,
      augment: data.augment,
      patchViews: patchViews(model.encoder, data),
      shard: this.#shard,
      shards: this.#shards,
      random,
      state,
    });
  }
}
