import type { Batch, RandomStream, Tensor, Variable } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import {
  add,
  div,
  keep,
  maximum,
  mul,
  type Scalar,
  stack,
  sum,
  tidy,
  variable,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { applyGradients } from './apply-gradients.js';
import { batchTensors, batchVariant, disposeBatch, withTensors } from './data/batch-tensors.js';
import { lowRankWeights } from './low-rank/learn-in-low-rank.js';
import { lossAndGradients } from './optimizer/loss-and-gradients.js';
import type { OptimizerStep, StepInput, TakeStepOptions, TrainingStepOptions } from './training-step.js';

/** Below every count of targets, and above 0. */
const LEAST_COUNT = 1e-30;

/**
 * A step on several batches, as on one of all their rows: losses and gradients are summed by how many things each batch's loss is
 * the mean of (its real targets), and divided by all of them before the one update. Sums lie in variables between the
 * batches, so that a batch and the update can each be recorded.
 */
export class AccumulatedStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #batches: number;
  readonly #gradients: readonly Variable[];
  /** `[]`: the sum of losses, and what they count. */
  readonly #loss: Variable;
  readonly #count: Variable;
  readonly #adding: RecordedStep;
  readonly #updating: RecordedStep;
  /** Which parameters had a gradient, by the form of a batch: a recorded step does not tell again. */
  readonly #reached = new Map<string, readonly boolean[]>();
  #form = '';
  #batch: Batch | undefined;
  #moved: readonly boolean[] = [];
  #now = { step: 0, rateScale: 0 };

  /** @param batches of each step */
  constructor(options: TrainingStepOptions, batches: number) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.#batches = batches;
    const blank = (shape: readonly number[]) => tidy(() => variable(zeros([...shape]), false));
    this.#gradients = learning.map(({ parameter }) => blank(parameter.variable.shape));
    this.#loss = blank([]);
    this.#count = blank([]);
    const recording = { ...(record !== undefined && { record }), ...(onEager && { onEager }) };
    this.#adding = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => this.#add(withTensors(this.#batch!, tensors), random!),
      updatedElsewhere: [
        ...learning.map(({ parameter }) => parameter.variable),
        ...lowRankWeights(learning).map(({ weight }) => weight.variable),
      ],
      ...recording,
    });
    this.#updating = new RecordedStep({
      name: `update of segment '${segment}'`,
      step: () => [this.#update()],
      ...recording,
    });
  }

  async take({ next, step, rateScale }: TakeStepOptions): Promise<Tensor> {
    this.#moved = this.#gradients.map(() => false);
    for (let index = 0; index < this.#batches; index += 1) this.#take(await next(index));
    this.#now = { step, rateScale };
    const variant = this.#moved.map(Number).join('');
    return this.#updating.call({ inputs: {}, variant })[0]!;
  }

  dispose(): void {
    this.#adding.dispose();
    this.#updating.dispose();
    for (const own of [...this.#gradients, this.#loss, this.#count]) own.dispose();
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
    const reached = this.#reached.get(this.#form)!;
    this.#moved = this.#moved.map((moved, index) => moved || reached[index]!);
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
      for (const [index, gradient] of gradients.entries()) {
        if (!gradient) continue;
        addTo(this.#gradients[index]!, () => mul(gradient, share));
        gradient.dispose();
      }
      this.#reached.set(
        this.#form,
        gradients.map((gradient) => gradient !== undefined),
      );
    });
    count?.dispose();
    return [];
  }

  /** Updates by the means, and empties the sums. */
  #update(): Tensor {
    return tidy(() => {
      // Where nothing counts, the sums are 0, and so are the means.
      const total = maximum(this.#count, LEAST_COUNT) as Scalar;
      const gradients = this.#gradients.map((gradient, index) => (this.#moved[index] ? gradient : undefined));
      const now = { step: () => this.#now.step, rateScale: () => this.#now.rateScale };
      const norms = applyGradients(gradients, this.#options, now, total);
      const report = stack([div(this.#loss, total), ...norms]); // [1 + parts]
      for (const own of [...this.#gradients, this.#loss, this.#count]) own.assign(zerosLike(own));
      return report;
    });
  }
}

/** Adds to a variable, whose old values are freed at once. */
function addTo(total: Variable, value: () => Tensor): void {
  tidy(() => total.assign(add(total, value())));
}
