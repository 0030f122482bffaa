import type { Batch, RandomStream, Tensor, Variable } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { div, keep, maximum, mul, type Scalar, stack, sum, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { applyGradients } from './apply-gradients.js';
import { batchTensors, batchVariant, disposeBatch, withTensors } from './data/batch-tensors.js';
import { addTo, blankVariable, GradientSums } from './gradient-sums.js';
import { steppedVariables } from './low-rank/learn-in-low-rank.js';
import { lossAndGradients } from './optimizer/loss-and-gradients.js';
import { shareSums } from './sharing/share-sums.js';
import type { TrainingGroup } from './sharing/training-group.js';
import type { OptimizerStep, StepInput, TakeStepOptions, TrainingStepOptions } from './training-step.js';

/** Below every count of targets, and above 0. */
const LEAST_COUNT = 1e-30;

/**
 * A step on several batches, as on one of all their rows: losses and gradients are summed by how many things each batch's loss is
 * the mean of (its real targets), and divided by all of them before the one update. Sums lie in variables between the
 * batches, so that a batch and the update can each be recorded. Where several processes take the step, each adds up its own rows,
 * and the sums of all are updated by.
 */
export class AccumulatedStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #batches: number;
  readonly #group: TrainingGroup | undefined;
  readonly #sums: GradientSums;
  /** `[]`: the sum of losses, and what they count. */
  readonly #loss: Variable;
  readonly #count: Variable;
  readonly #adding: RecordedStep;
  readonly #updating: RecordedStep;
  #form = '';
  #batch: Batch | undefined;
  #now = { step: 0, rateScale: 0 };

  /** @param batches of each step */
  constructor(options: TrainingStepOptions, batches: number, group?: TrainingGroup) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.#batches = batches;
    this.#group = group;
    this.#sums = new GradientSums(learning);
    this.#loss = blankVariable([]);
    this.#count = blankVariable([]);
    const recording = { ...(record !== undefined && { record }), ...(onEager && { onEager }) };
    this.#adding = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => this.#add(withTensors(this.#batch!, tensors), random!),
      updatedElsewhere: steppedVariables(learning),
      ...recording,
    });
    this.#updating = new RecordedStep({
      name: `update of segment '${segment}'`,
      step: () => [this.#update()],
      ...recording,
    });
  }

  async take({ next, step, rateScale }: TakeStepOptions): Promise<Tensor> {
    this.#sums.begin();
    for (let index = 0; index < this.#batches; index += 1) this.#take(await next(index));
    if (this.#group) await shareSums(this.#group, [...this.#sums.moved, this.#loss, this.#count]);
    this.#now = { step, rateScale };
    return this.#updating.call({ inputs: {}, variant: this.#sums.variant })[0]!;
  }

  dispose(): void {
    this.#adding.dispose();
    this.#updating.dispose();
    this.#sums.dispose();
    for (const own of [this.#loss, this.#count]) own.dispose();
  }

  #take({ batch, random }: StepInput): void {
    const inputs = batchTensors(batch);
    const variant = batchVariant(batch);
    this.#form = `${variant} ${Object.keys(inputs)}`;
    this.#batch = batch;
    try {
      this.#adding.call({ inputs, random, variant });
    } finally {
      disposeBatch(batch);
    }
    this.#sums.added(this.#form);
  }

  /** Adds a batch's loss and gradients to the sums. */
  #add(batch: Batch, random: RandomStream): [] {
    const { parts, objective, learning } = this.#options;
    let count: Tensor | undefined;
    tidy(() => {
      const { value, gradients } = lossAndGradients(() => {
        const weigh = (own: Tensor) => {
          count ??= keep(own.clone());
        };
        return objective.loss(parts, batch, { training: true, random, weigh }) as Scalar;
      }, learning);
      const share = count ?? sum(batch.targetWeights); // []
      addTo(this.#loss, () => mul(value, share));
      addTo(this.#count, () => share);
      this.#sums.add(this.#form, gradients, share);
    });
    count?.dispose();
    return [];
  }

  /** Updates by the means, and empties the sums. */
  #update(): Tensor {
    return tidy(() => {
      // Where nothing counts, the sums are 0, and so are the means.
      const total = maximum(this.#count, LEAST_COUNT) as Scalar;
      const now = { step: () => this.#now.step, rateScale: () => this.#now.rateScale };
      const norms = applyGradients(this.#sums.gradients, this.#options, now, total);
      const report = stack([div(this.#loss, total), ...norms]); // [1 + parts]
      this.#sums.clear();
      for (const own of [this.#loss, this.#count]) own.assign(zerosLike(own));
      return report;
    });
  }
}
