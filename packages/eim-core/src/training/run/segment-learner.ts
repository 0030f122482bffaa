import type { ModelParts, Objective, RandomStream } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import { learnInLowRank, lowRankWeights } from '../low-rank/learn-in-low-rank.js';
import { AdamW } from '../optimizer/adamw.js';
import { type LearningParameter, learningParameters } from '../optimizer/learning-parameter.js';
import { MovingAverage } from '../optimizer/moving-average.js';
import { type NamedArray, type NamedVariable, restore, snapshot } from '../optimizer/snapshot.js';
import { segmentParts } from './segment-parts.js';
import type { TrainingEnvironment } from './training-environment.js';

/** What learns in a segment and what makes it learn; built anew for each, freed after it. */
export class SegmentLearner {
  readonly objective: Objective;
  /** The parts; those that are frozen never run in training mode. */
  readonly parts: ModelParts;
  readonly learning: readonly LearningParameter[];
  readonly optimizer: AdamW;
  readonly average: MovingAverage | undefined;

  readonly onNumericFailure: Segment['onNumericFailure'];

  private constructor(model: ModelParts, segment: Segment, objective: Objective, random: RandomStream) {
    this.objective = objective;
    this.onNumericFailure = segment.onNumericFailure;
    this.parts = segmentParts(model, segment);
    this.learning = learnInLowRank(learningParameters(model, objective, segment), random);
    for (const weight of lowRankWeights(this.learning)) weight.begin();
    this.optimizer = new AdamW(this.learning, segment.optimizer);
    this.average = segment.ema && new MovingAverage(this.weights, segment.ema.decay);
  }

  static async create(environment: TrainingEnvironment, segment: Segment): Promise<SegmentLearner> {
    const { model, random } = environment;
    const objective = await environment.objective(segment, random.fork(`objective.${segment.name}`));
    try {
      return new SegmentLearner(model, segment, objective, random.fork(`lora.${segment.name}`));
    } catch (error) {
      objective.dispose?.();
      throw error;
    }
  }

  /**
   * What a step changes, the objective's own parameters included; of a weight that learns in low rank, its factors and the
   * weight itself.
   */
  get weights(): NamedVariable[] {
    const whole = this.learning.filter(({ factorOf }) => !factorOf);
    return [
      ...whole.map(({ name, parameter }) => ({ name, variable: parameter.variable })),
      ...lowRankWeights(this.learning).flatMap(({ variables }) => variables),
    ];
  }

  /** Everything that a step changes: weights, moments and averages, under names of their own. */
  get everything(): NamedVariable[] {
    const under = (prefix: string, variables: readonly NamedVariable[]) =>
      variables.map(({ name, variable }) => ({ name: `${prefix}.${name}`, variable }));
    return [
      ...under('weight', this.weights),
      ...under('moment', this.optimizer.variables),
      ...under('average', this.average?.variables ?? []),
    ];
  }

  /** Copies of {@link everything}. */
  copyEverything(): Promise<NamedArray[]> {
    return snapshot(this.everything);
  }

  /** Takes up what {@link copyEverything} copied. */
  takeUp(copies: readonly NamedArray[]): void {
    restore(this.everything, copies);
  }

  /** The state of a segment that has taken no step. @param weights as the segment found them */
  startOver(weights: readonly NamedArray[]): void {
    restore(this.weights, weights);
    if (this.average) restore(this.average.variables, weights);
    this.optimizer.forget();
  }

  /** Learning parameters by part, as the optimizer steps them. */
  get trainable(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { part, parameter } of this.learning) {
      counts[part] = (counts[part] ?? 0) + parameter.variable.size;
    }
    return counts;
  }

  /** Optimizer, average, objective and factors, for a checkpoint. */
  async save(): Promise<Partial<Record<'optimizer' | 'average' | 'objective' | 'factors', NamedArray[]>>> {
    return {
      optimizer: await snapshot(this.optimizer.variables),
      ...(this.average && { average: await snapshot(this.average.variables) }),
      objective: await snapshot(this.#own),
      ...(this.#factors.length > 0 && { factors: await snapshot(this.#factors) }),
    };
  }

  /** Takes up what {@link save} saved. */
  resume({ tensors }: Checkpoint): void {
    restore(this.optimizer.variables, tensors.optimizer ?? [], "the checkpoint's optimizer");
    if (this.average) restore(this.average.variables, tensors.average ?? [], "the checkpoint's average");
    restore(this.#own, tensors.objective ?? [], "the checkpoint's objective");
    restore(this.#factors, tensors.factors ?? [], "the checkpoint's factors");
    const starts = lowRankWeights(this.learning).map(({ name, start }) => ({ name, variable: start }));
    restore(starts, tensors.start ?? [], "the checkpoint's start");
  }

  dispose(): void {
    this.optimizer.dispose();
    this.average?.dispose();
    for (const weight of lowRankWeights(this.learning)) weight.dispose();
    this.objective.dispose?.();
  }

  get #factors(): NamedVariable[] {
    const factors = this.learning.filter(({ factorOf }) => factorOf);
    return factors.map(({ name, parameter }) => ({ name, variable: parameter.variable }));
  }

  get #own(): NamedVariable[] {
    const own = this.objective.parameters?.() ?? [];
    return own.map(({ name, variable }) => ({ name, variable }));
  }
}
