import type { Batch, RandomStream, Tensor } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import {
  div,
  keep,
  maximum,
  mul,
  type Scalar,
  scalar,
  stack,
  sum,
  tidy,
  unstack,
} from '@tensorflow/tfjs-core';
import { applyGradients } from './apply-gradients.js';
import { batchTensors, batchVariant, disposeBatch, withTensors } from './data/batch-tensors.js';
import { lossAndGradients } from './optimizer/loss-and-gradients.js';
import { sumInBuckets } from './sharing/sum-in-buckets.js';
import type { TrainingGroup } from './sharing/training-group.js';
import { LEAST_COUNT } from './summed-update.js';
import type { OptimizerStep, TakeStepOptions, TrainingStepOptions } from './training-step.js';

/** Processes that add up within a step. */
export type AddingGroup = TrainingGroup & Required<Pick<TrainingGroup, 'sumInStep' | 'explain'>>;

/**
 * A step on one batch that several processes share: each computes the sums over its own rows, these are added up while the backward
 * pass still runs, and all take the same update. One recorded function, as a step of one process is.
 */
export class SharedStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #group: AddingGroup;
  readonly #recorded: RecordedStep;
  #batch: Batch | undefined;
  #now = { step: 0, rateScale: 0 };

  constructor(options: TrainingStepOptions, group: AddingGroup) {
    this.#options = options;
    this.#group = group;
    const { segment, record, onEager } = options;
    this.#recorded = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => [this.#step(withTensors(this.#batch!, tensors), tensors.asked!, random!)],
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    });
  }

  async take({ next, step, rateScale, asked }: TakeStepOptions): Promise<Tensor> {
    const { batch, random } = await next(0);
    this.#batch = batch;
    this.#now = { step, rateScale };
    const stop = scalar(Number(asked?.() ?? false));
    const inputs = { ...batchTensors(batch), asked: stop };
    try {
      return this.#recorded.call({ inputs, random: random(), variant: batchVariant(batch) })[0]!;
    } catch (cause) {
      throw this.#group.explain(cause);
    } finally {
      stop.dispose();
      disposeBatch(batch);
    }
  }

  dispose(): void {
    this.#recorded.dispose();
  }

  #step(batch: Batch, asked: Tensor, random: RandomStream): Tensor {
    const { parts, objective, learning } = this.#options;
    return tidy(() => {
      let count: Tensor | undefined;
      const { value, gradients } = lossAndGradients(() => {
        const weigh = (own: Tensor) => {
          count ??= keep(own.clone());
        };
        const loss = objective.loss(parts, batch, { training: true, random, weigh });
        return mul(loss, count ?? sum(batch.targetWeights)) as Scalar;
      }, learning);
      const own = stack([value, count ?? sum(batch.targetWeights), asked]); // [3]
      count?.dispose();
      // The backward pass comes to what is learnt in the other order.
      const present = gradients.filter((gradient) => gradient !== undefined).reverse();
      const sums = sumInBuckets(this.#group, [...present, own]);
      const numbers = sums.pop();
      const [loss, things, stops] = unstack(numbers!) as [Scalar, Scalar, Scalar];
      // Where nothing counts, the sums are 0, and so are the means.
      const total = maximum(things, LEAST_COUNT) as Scalar;
      const all = gradients.map((gradient) => gradient && sums.pop());
      const now = { step: () => this.#now.step, rateScale: () => this.#now.rateScale };
      const norms = applyGradients(all, this.#options, now, total);
      return stack([div(loss, total), ...norms, stops]); // [1 + parts + 1]
    });
  }
}
