import type { Batch, RandomStream, Tensor } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { keep, mul, type Scalar, sum, tidy } from '@tensorflow/tfjs-core';
import { batchTensors, batchVariant, disposeBatch, withTensors } from './data/batch-tensors.js';
import { addTo } from './gradient-sums.js';
import { steppedVariables } from './low-rank/learn-in-low-rank.js';
import { lossAndGradients } from './optimizer/loss-and-gradients.js';
import type { TrainingGroup } from './sharing/training-group.js';
import { SummedUpdate } from './summed-update.js';
import type { OptimizerStep, StepInput, TakeStepOptions, TrainingStepOptions } from './training-step.js';

/**
 * A step on several batches, as on one of all their rows: losses and gradients are summed by how many things each batch's loss is
 * the mean of (its real targets), and divided by all of them before the one update. Sums lie in variables between the
 * batches, so that a batch and the update can each be recorded. Where several processes take the step, each adds up its own rows,
 * and the sums of all are updated by.
 */
export class AccumulatedStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #batches: number;
  readonly #update: SummedUpdate;
  readonly #adding: RecordedStep;
  #form = '';
  #batch: Batch | undefined;

  /** @param batches of each step */
  constructor(options: TrainingStepOptions, batches: number, group?: TrainingGroup) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.#batches = batches;
    this.#update = new SummedUpdate(options, { counted: true, group });
    this.#adding = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => this.#add(withTensors(this.#batch!, tensors), random!),
      updatedElsewhere: steppedVariables(learning),
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    });
  }

  async take({ next, ...now }: TakeStepOptions): Promise<Tensor> {
    this.#update.gradients.begin();
    for (let index = 0; index < this.#batches; index += 1) this.#take(await next(index));
    return this.#update.take(now);
  }

  dispose(): void {
    this.#adding.dispose();
    this.#update.dispose();
  }

  #take({ batch, random }: StepInput): void {
    const inputs = batchTensors(batch);
    const variant = batchVariant(batch);
    this.#form = `${variant} ${Object.keys(inputs)}`;
    this.#batch = batch;
    try {
      this.#adding.call({ inputs, random: random(), variant });
    } finally {
      disposeBatch(batch);
    }
    this.#update.gradients.added(this.#form);
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
      addTo(this.#update.loss, () => mul(value, share));
      addTo(this.#update.count!, () => share);
      this.#update.gradients.add(this.#form, gradients, share);
    });
    count?.dispose();
    return [];
  }
}
