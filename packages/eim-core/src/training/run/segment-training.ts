import type { Batch } from '@eim/contracts/model';
import { multiplyAddsSoFar } from '@eim/engine';
import type { Segment } from '../../plan/segment-schema.js';
import type { Checkpoint, SegmentProgress } from '../checkpoints/checkpoint.js';
import { disposeBatch } from '../data/batch-tensors.js';
import { TrainingBatches } from '../data/training-batches.js';
import { type EarlyStoppingState, observe } from '../gates/early-stopping.js';
import { learningRateSchedule } from '../optimizer/learning-rate-schedule.js';
import { segmentSteps } from '../optimizer/segment-steps.js';
import { type NamedArray, restore, snapshot } from '../optimizer/snapshot.js';
import { prepareBatch } from '../prepare-batch.js';
import { learningParts, TrainingStep } from '../training-step.js';
import { measureMetric } from './measure-metric.js';
import { assertFinite, type StepNumbers } from './numeric-failure.js';
import { SegmentLearner } from './segment-learner.js';
import { SegmentSplits } from './segment-splits.js';
import { collapseNote, type LossSoFar, staysAtGuessing } from './stays-at-guessing.js';
import type { ComputeSpent } from './train-result.js';
import type { TrainingEnvironment } from './training-environment.js';
import type { TrainingSession } from './training-session.js';

/** One segment while it runs. */
export class SegmentTraining {
  readonly segment: Segment;
  readonly learner: SegmentLearner;
  readonly data: SegmentSplits;
  readonly steps: number;
  readonly #environment: TrainingEnvironment;
  readonly #session: TrainingSession;
  readonly #batches: TrainingBatches;
  readonly #rateAt: (step: number) => number;
  readonly #trainingStep: TrainingStep;
  /** The values at the segment's start of everything that learns. */
  #start: readonly NamedArray[] = [];
  /** The best values so far of everything that learns. */
  #best: readonly NamedArray[] | undefined;
  #settled = false;
  #guessing: number | undefined;
  #saidCollapsed = false;
  step = 0;
  gateBefore: number | undefined;
  earlyStopping: EarlyStoppingState = { waited: 0 };
  examples = 0;
  firstLoss: number | undefined;
  recentLosses: number[] = [];
  targetsLeftOut = 0;
  seconds = 0;
  multiplyAdds: ComputeSpent = { training: 0, encoding: 0, evaluation: 0 };

  private constructor(
    session: TrainingSession,
    segment: Segment,
    learner: SegmentLearner,
    data: SegmentSplits,
    batches: TrainingBatches,
  ) {
    this.#session = session;
    this.#environment = session.environment;
    this.segment = segment;
    this.learner = learner;
    this.data = data;
    this.#batches = batches;
    this.steps = segmentSteps(segment, this.#environment.texts(segment.data.split).answerCount);
    this.#rateAt = learningRateSchedule(segment, this.steps);
    const { parts, objective, learning, optimizer } = learner;
    const { recordSteps: record, onNote: onEager } = this.#environment.options;
    const { name, clipNorm } = segment;
    this.#trainingStep = new TrainingStep({
      parts,
      objective,
      learning,
      optimizer,
      clipNorm,
      segment: name,
      record,
      onEager,
    });
  }

  /** Builds everything; the caller disposes. @param checkpoint saved inside this segment */
  static async create(
    session: TrainingSession,
    segment: Segment,
    checkpoint?: Checkpoint,
    onEncode?: (done: number, total: number) => void,
  ): Promise<SegmentTraining> {
    const { environment } = session;
    await environment.features.refresh();
    const learner = await SegmentLearner.create(environment, segment);
    try {
      const data = new SegmentSplits(environment, segment, learner.objective, onEncode);
      const encodedBefore = environment.features.counts.multiplyAdds;
      const { split, augment } = segment.data;
      const batches = new TrainingBatches(await data.training(), {
        batchSize: segment.batchSize,
        captionsPerPicture: segment.captionsPerPicture,
        augment,
        random: environment.random.fork(`data.${split}`),
        state: session.data[split],
      });
      const run = new SegmentTraining(session, segment, learner, data, batches);
      const encoding = environment.features.counts.multiplyAdds - encodedBefore;
      run.multiplyAdds = { ...run.multiplyAdds, encoding };
      if (checkpoint) run.#resume(checkpoint);
      else run.#start = await snapshot(learner.weights);
      return run;
    } catch (error) {
      learner.dispose();
      throw error;
    }
  }

  /** One optimizer step. @returns its numbers, read back */
  async takeStep(): Promise<StepNumbers & { readonly rate: number }> {
    const { learner, segment, step } = this;
    const { counts } = this.#environment.features;
    const encodedBefore = counts.multiplyAdds;
    const { batch: plain, leftOut } = await this.#batches.next();
    this.#spend('encoding', counts.multiplyAdds - encodedBefore);
    const rateScale = this.#rateAt(step);
    const spentBefore = multiplyAddsSoFar();
    const random = this.#environment.random.fork(`step.${segment.name}.${step}`);
    const batch = await this.#prepare(plain);
    const report = this.#trainingStep.take({ batch, random, step, rateScale });
    learner.average?.update(step);
    this.#spend('training', multiplyAddsSoFar() - spentBefore);
    this.#guessing = learner.objective.guessingLoss?.(batch);
    disposeBatch(batch);
    const [loss, ...norms] = await report.data();
    report.dispose();
    const gradientNorms = Object.fromEntries(
      learningParts(learner.learning).map((part, index) => [part, norms[index]!]),
    );
    this.step += 1;
    assertFinite(segment.name, this.step, { loss: loss!, gradientNorms });
    this.#session.totalSteps += 1;
    this.#session.data[segment.data.split] = this.#batches.state;
    this.examples += batch.rowCount;
    this.targetsLeftOut += leftOut;
    this.firstLoss ??= loss!;
    this.recentLosses = [...this.recentLosses, loss!].slice(-Math.ceil(this.steps / 10));
    if (this.collapsed && !this.#saidCollapsed) {
      this.#saidCollapsed = true;
      this.#environment.options.onNote?.(collapseNote(segment.name, this.#lossSoFar));
    }
    const rate = rateScale * learner.learning.reduce((most, { rate: peak }) => Math.max(most, peak), 0);
    return { loss: loss!, gradientNorms, rate };
  }

  /** Whether the loss stays where guessing is. */
  get collapsed(): boolean {
    return staysAtGuessing(this.#lossSoFar);
  }

  get #lossSoFar(): LossSoFar {
    const { step, steps, recentLosses } = this;
    return { step, steps, recentLosses, guessing: this.#guessing };
  }

  /** A metric of the weights that would be used: the averaged ones, if the segment averages. */
  async measure(metric: string, split: string): Promise<number> {
    const { objective, parts, average } = this.learner;
    const spentBefore = multiplyAddsSoFar();
    const { name, data } = this.segment;
    const request = { metric, split, segment: name, trainOn: data.split, objective, parts, data: this.data };
    const measure = () => measureMetric(this.#environment, request);
    const value = await (average && !this.#settled ? average.during(measure) : measure());
    this.#spend('evaluation', multiplyAddsSoFar() - spentBefore);
    return value;
  }

  /** Evaluates for early stopping and keeps the weights if they are the best. @returns the value */
  async evaluateForStopping(): Promise<number> {
    const rule = this.segment.until.earlyStopping!;
    const value = await this.measure(rule.metric, rule.split);
    const { state, improved } = observe(this.earlyStopping, value, this.step, rule);
    this.earlyStopping = state;
    if (improved) {
      const { average, weights } = this.learner;
      this.#best = await snapshot(average ? average.variables : weights);
    }
    return value;
  }

  /** The weights that the segment leaves: the best, the averaged, or the last. */
  async settle(): Promise<void> {
    if (this.#best) restore(this.learner.weights, this.#best);
    else await this.learner.average?.settle();
    this.#settled = true;
  }

  /** Everything that learnt returns to its value at the segment's start. */
  rollBack(): void {
    restore(this.learner.weights, this.#start);
  }

  async save(): Promise<void> {
    const { step, gateBefore, earlyStopping, examples, firstLoss, recentLosses } = this;
    const { targetsLeftOut, seconds, multiplyAdds } = this;
    const progress: SegmentProgress = {
      step,
      earlyStopping,
      examples,
      recentLosses,
      targetsLeftOut,
      seconds,
      multiplyAdds,
      ...(gateBefore !== undefined && { gateBefore }),
      ...(firstLoss !== undefined && { firstLoss }),
    };
    const tensors = { ...(await this.learner.save()), start: this.#start };
    await this.#session.save({ progress, tensors: this.#best ? { ...tensors, best: this.#best } : tensors });
  }

  dispose(): void {
    this.#trainingStep.dispose();
    this.learner.dispose();
  }

  /** Adds to the batch what the objective prepares for it. A batch that cannot be prepared is freed. */
  async #prepare(batch: Batch): Promise<Batch> {
    const { objective, parts } = this.learner;
    const random = this.#environment.random.fork(`prepare.${this.segment.name}.${this.step}`);
    try {
      return await prepareBatch(objective, parts, batch, { training: true, random });
    } catch (error) {
      disposeBatch(batch);
      throw error;
    }
  }

  #resume(checkpoint: Checkpoint): void {
    const { recentLosses, gateBefore, ...progress } = checkpoint.state.progress!;
    this.learner.resume(checkpoint);
    this.#start = checkpoint.tensors.start ?? [];
    this.#best = checkpoint.tensors.best;
    this.gateBefore = gateBefore;
    this.recentLosses = [...recentLosses];
    Object.assign(this, progress);
  }

  #spend(on: keyof ComputeSpent, multiplyAdds: number): void {
    this.multiplyAdds = { ...this.multiplyAdds, [on]: this.multiplyAdds[on] + multiplyAdds };
  }
}
