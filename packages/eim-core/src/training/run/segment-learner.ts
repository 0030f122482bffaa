import type { ModelParts, Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
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

  private constructor(model: ModelParts, segment: Segment, objective: Objective) {
    this.objective = objective;
    this.parts = segmentParts(model, segment);
    this.learning = learningParameters(model, objective, segment);
    this.optimizer = new AdamW(this.learning, segment.optimizer);
    this.average = segment.ema && new MovingAverage(this.learning, segment.ema.decay);
  }

  static async create(environment: TrainingEnvironment, segment: Segment): Promise<SegmentLearner> {
    const { model, random } = environment;
    const objective = await environment.objective(segment, random.fork(`objective.${segment.name}`));
    try {
      return new SegmentLearner(model, segment, objective);
    } catch (error) {
      objective.dispose?.();
      throw error;
    }
  }

  /** What learns, the objective's own parameters included. */
  get weights(): NamedVariable[] {
    return this.learning.map(({ name, parameter }) => ({ name, variable: parameter.variable }));
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

  /** Learning parameters by part. */
  get trainable(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { part, parameter } of this.learning) {
      counts[part] = (counts[part] ?? 0) + parameter.variable.size;
    }
    return counts;
  }

  /** Optimizer, average and objective, for a checkpoint. */
  async save(): Promise<Partial<Record<'optimizer' | 'average' | 'objective', NamedArray[]>>> {
    return {
      optimizer: await snapshot(this.optimizer.variables),
      ...(this.average && { average: await snapshot(this.average.variables) }),
      objective: await snapshot(this.#own),
    };
  }

  /** Takes up what {@link save} saved. */
  resume({ tensors }: Checkpoint): void {
    restore(this.optimizer.variables, tensors.optimizer ?? [], "the checkpoint's optimizer");
    if (this.average) restore(this.average.variables, tensors.average ?? [], "the checkpoint's average");
    restore(this.#own, tensors.objective ?? [], "the checkpoint's objective");
  }

  dispose(): void {
    this.optimizer.dispose();
    this.average?.dispose();
    this.objective.dispose?.();
  }

  get #own(): NamedVariable[] {
    const own = this.objective.parameters?.() ?? [];
    return own.map(({ name, variable }) => ({ name, variable }));
  }
}
