import { multiplyAddsSoFar } from '@eim/engine';
import type { Segment } from '../../plan/segment-schema.js';
import type { Checkpoint, SegmentProgress } from '../checkpoints/checkpoint.js';
import { createOptimizerStep } from '../create-optimizer-step.js';
import type { Measurement } from '../gates/measurement.js';
import { guessingLossOf } from '../gradient-caching/comparison-of.js';
import { learningRateSchedule } from '../optimizer/learning-rate-schedule.js';
import { segmentSteps } from '../optimizer/segment-steps.js';
import { type NamedArray, snapshot } from '../optimizer/snapshot.js';
import type { OptimizerStep } from '../training-step.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { beginObjective } from './begin-objective.js';
import { BestWeights } from './best-weights.js';
import { keptValues, readValues } from './kept-values.js';
import { type AskedMetric, measureMetric } from './measure-metric.js';
import { faultOfWeights, refuseSpoiltParts } from './not-finite.js';
import {
  faultOfStep,
  type NumericFailure,
  type NumericFault,
  numericFailure,
  type StepNumbers,
} from './numeric-failure.js';
import { readStepNumbers } from './read-step-numbers.js';
import { Recovery } from './recovery.js';
import { countStep, NO_COUNTS, type SegmentCounts, type TakenBatch } from './segment-counts.js';
import { SegmentLearner } from './segment-learner.js';
import { type OnEncode, SegmentSplits } from './segment-splits.js';
import { collapseNote, type LossSoFar, staysAtGuessing } from './stays-at-guessing.js';
import { type StepBatch, StepBatches } from './step-batches.js';
import type { TakenStep } from './taken-step.js';
import type { ComputeSpent } from './train-result.js';
import type { TrainingEnvironment } from './training-environment.js';
import type { TrainingSession } from './training-session.js';

/** One segment while it runs. */
export class SegmentTraining {
  readonly segment: Segment;
  readonly learner: SegmentLearner;
  readonly data: SegmentSplits;
  readonly steps: number;
  readonly best: BestWeights;
  readonly #environment: TrainingEnvironment;
  readonly #session: TrainingSession;
  readonly #batches: StepBatches;
  readonly #rateAt: (step: number) => number;
  readonly #trainingStep: OptimizerStep;
  /** The values at the segment's start of everything that learns. */
  start: readonly NamedArray[] = [];
  /** Absent where the segment stops at once. */
  #recovery: Recovery | undefined;
  #settled = false;
  counts: SegmentCounts = NO_COUNTS;
  #guessing: number | undefined;
  #saidCollapsed = false;
  gateBefore: Measurement | undefined;
  seconds = 0;
  multiplyAdds: ComputeSpent = { training: 0, encoding: 0, evaluation: 0 };

  private constructor(
    session: TrainingSession,
    segment: Segment,
    learner: SegmentLearner,
    data: SegmentSplits,
    batches: StepBatches,
  ) {
    this.#session = session;
    this.#environment = session.environment;
    this.segment = segment;
    this.learner = learner;
    this.best = new BestWeights(segment, learner);
    this.data = data;
    this.#batches = batches;
    this.steps = segmentSteps(segment, this.#environment.texts(segment.data.split).answerCount);
    this.#rateAt = learningRateSchedule(segment, this.steps);
    this.#trainingStep = createOptimizerStep(learner, segment, this.#environment.options);
  }

  /** Builds everything; the caller disposes. @param checkpoint saved inside this segment */
  static async create(
    session: TrainingSession,
    segment: Segment,
    checkpoint?: Checkpoint,
    onEncode?: OnEncode,
  ): Promise<SegmentTraining> {
    const { environment } = session;
    await environment.refresh();
    const learner = await SegmentLearner.create(environment, segment);
    try {
      const data = new SegmentSplits(environment, segment, learner.objective, onEncode);
      const encodedBefore = environment.features.counts.multiplyAdds;
      const rows = await data.training();
      const state = session.data[segment.data.split];
      const batches = new StepBatches(environment, segment, learner, rows, state);
      const run = new SegmentTraining(session, segment, learner, data, batches);
      const encoding = environment.features.counts.multiplyAdds - encodedBefore;
      run.multiplyAdds = { ...run.multiplyAdds, encoding };
      if (checkpoint) await run.#resume(checkpoint);
      else await run.#begin();
      return run;
    } catch (error) {
      learner.dispose();
      throw error;
    }
  }

  /** Steps taken. */
  get step(): number {
    return this.counts.step;
  }

  /** How often the segment went back, and why. */
  get numericFailures(): readonly NumericFailure[] {
    return this.#recovery?.failures ?? [];
  }

  /**
   * One optimizer step, or the way back from one that failed.
   * @throws EimError `numeric-failure` where going back does not help, or the segment is not to do so
   */
  async takeStep(): Promise<TakenStep> {
    const { learner, segment, step } = this;
    const rateScale = this.#rateAt(step) * (this.#recovery?.rateFactor ?? 1);
    const batches: TakenBatch[] = [];
    const numbers = await this.#learn(rateScale, batches);
    const fault = faultOfStep(numbers) ?? (await this.#faultAtEnd());
    if (fault) return { wentBack: await this.#goBack(fault, batches), stops: numbers.stops };
    this.counts = countStep(this.counts, { batches, loss: numbers.loss }, this.steps);
    this.#session.totalSteps += 1;
    const data = this.#batches.state;
    this.#session.data[segment.data.split] = data;
    if (this.step < this.steps) await this.#recovery?.observe({ ...this.counts, data });
    if (this.collapsed && !this.#saidCollapsed) {
      this.#saidCollapsed = true;
      this.#environment.options.onNote?.(collapseNote(segment.name, this.#lossSoFar));
    }
    const rate = rateScale * learner.learning.reduce((most, { rate: peak }) => Math.max(most, peak), 0);
    return { ...numbers, rate };
  }

  /** Whether the loss stays where guessing is. */
  get collapsed(): boolean {
    return staysAtGuessing(this.#lossSoFar);
  }

  get #lossSoFar(): LossSoFar {
    const { step, recentLosses } = this.counts;
    return { step, steps: this.steps, recentLosses, guessing: this.#guessing };
  }

  /** A metric of the weights that would be used: the averaged ones, if the segment averages. */
  async measure(wanted: AskedMetric): Promise<Measurement> {
    const { objective, parts, average } = this.learner;
    const spentBefore = multiplyAddsSoFar();
    const { name, data } = this.segment;
    const asked = { ...wanted, segment: name, trainOn: data.split };
    const measure = () => measureMetric(this.#environment, { ...asked, objective, parts, data: this.data });
    const value = await (average && !this.#settled ? average.during(measure) : measure());
    this.#spend('evaluation', multiplyAddsSoFar() - spentBefore);
    return value;
  }

  /** Measures by what the best weights are known, and keeps these if they are. @returns the value */
  async evaluateForBest(): Promise<number> {
    const { metric, split, half } = this.best.rule!;
    const { value } = await this.measure({ metric, split, half, each: false });
    await this.best.observe(value, this.step);
    return value;
  }

  /** The weights that the segment leaves: the best, the averaged, or the last. */
  async settle(): Promise<void> {
    if (!this.best.restore()) await this.learner.average?.settle();
    this.#settled = true;
  }

  async save(): Promise<void> {
    const { counts, gateBefore, best, seconds, multiplyAdds } = this;
    const progress: SegmentProgress = {
      ...counts,
      earlyStopping: best.state,
      seconds,
      multiplyAdds,
      ...(gateBefore && { gateBefore: gateBefore.value }),
      ...(this.#recovery && { recovery: this.#recovery.state }),
    };
    const good = this.#recovery?.tensors;
    const tensors = {
      ...(await this.learner.save()),
      start: this.start,
      ...(best.values && { best: best.values }),
      ...(good && { good }),
      ...(gateBefore?.each && { gate: keptValues(gateBefore.each) }),
    };
    await this.#session.save({ progress, tensors });
  }

  dispose(): void {
    this.#trainingStep.dispose();
    this.learner.dispose();
  }

  async #begin(): Promise<void> {
    const { learner, segment, counts } = this;
    this.start = await snapshot(learner.weights);
    this.#spend('encoding', await beginObjective(this.#environment, learner));
    if (segment.onNumericFailure === 'stop') return;
    const start = { ...counts, data: this.#batches.state };
    this.#recovery = new Recovery(learner, this.start, { start, failures: [] });
  }

  async #resume(checkpoint: Checkpoint): Promise<void> {
    const { gateBefore, earlyStopping, recovery, seconds, multiplyAdds, ...counts } =
      checkpoint.state.progress!;
    const { start = [], best, good, gate } = checkpoint.tensors;
    await beginObjective(this.#environment, this.learner, start);
    if (gateBefore !== undefined) this.gateBefore = { value: gateBefore ?? Number.NaN, ...readValues(gate) };
    this.learner.resume(checkpoint);
    this.start = start;
    this.best.resume(earlyStopping, best);
    if (recovery) this.#recovery = new Recovery(this.learner, start, recovery, good);
    Object.assign(this, { seconds, multiplyAdds, counts });
  }

  /** Forward, backward and update. @param batches gets what the step takes @returns its numbers, read back */
  async #learn(rateScale: number, batches: TakenBatch[]): Promise<StepNumbers> {
    const { learner, segment, step } = this;
    const spentBefore = multiplyAddsSoFar();
    const report = await this.#trainingStep.take({
      step,
      rateScale,
      asked: () => this.#environment.options.signal?.aborted === true,
      next: async (index) => {
        if (index > 0) await yieldToEventLoop();
        const name = index === 0 ? String(step) : `${step}.${index}`;
        const { batch, shards, ...taken } = await this.#draw(name);
        batches.push(taken);
        this.#guessing = guessingLossOf(learner.objective, segment, shards ?? [batch]);
        return { batch, shards, random: () => this.#batches.random(name) };
      },
    });
    learner.average?.update(step);
    this.#spend('training', multiplyAddsSoFar() - spentBefore);
    return readStepNumbers(report, learner.learning);
  }

  /** The next batch. What its pictures take to be encoded is no training. */
  async #draw(name: string): Promise<StepBatch> {
    const { counts } = this.#environment.features;
    const encodedBefore = counts.multiplyAdds;
    const spentBefore = multiplyAddsSoFar();
    const drawn = await this.#batches.draw(this.#recovery?.skipped ?? new Set());
    this.#spend('encoding', counts.multiplyAdds - encodedBefore);
    this.#spend('training', spentBefore - multiplyAddsSoFar());
    return this.#batches.prepare(drawn, name);
  }

  /** The weights that the last step leaves are in no later loss, so they are looked at. */
  async #faultAtEnd(): Promise<NumericFault | undefined> {
    if (this.step + 1 < this.steps) return undefined;
    return faultOfWeights(this.learner.weights);
  }

  async #goBack(fault: NumericFault, batches: readonly TakenBatch[]): Promise<NumericFailure> {
    const { segment } = this;
    const failed = this.step + 1;
    const point = this.#recovery?.goBack(
      failed,
      fault,
      batches.map(({ number }) => number),
    );
    if (!point) throw numericFailure(segment.name, failed, fault, this.numericFailures);
    await refuseSpoiltParts(this.#environment.model, segment.name, fault.what);
    const { data, ...counts } = point;
    this.#session.totalSteps -= this.step - counts.step;
    this.#session.data[segment.data.split] = data;
    this.#batches.goBackTo(data);
    this.counts = counts;
    // At another rate.
    this.best.waitAnew();
    return this.numericFailures.at(-1)!;
  }

  #spend(on: keyof ComputeSpent, multiplyAdds: number): void {
    this.multiplyAdds = { ...this.multiplyAdds, [on]: this.multiplyAdds[on] + multiplyAdds };
  }
}
