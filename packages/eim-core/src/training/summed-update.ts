import type { Tensor, Variable } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { div, maximum, type Scalar, stack, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { applyGradients } from './apply-gradients.js';
import { blankVariable, GradientSums } from './gradient-sums.js';
import type { TakeStepOptions, TrainingStepOptions } from './training-step.js';

/** Below every count of things, and above 0. */
const LEAST_COUNT = 1e-30;

/**
 * The update of a step on several batches: by the sums that these have added to, which are empty afterwards. Recorded by itself, where
 * the engine can.
 */
export class SummedUpdate {
  readonly gradients: GradientSums;
  /** `[]` */
  readonly loss: Variable;
  /** `[]`: what the sums are divided by. Absent: they are means already */
  readonly count: Variable | undefined;
  readonly #options: TrainingStepOptions;
  readonly #recorded: RecordedStep;
  #now = { step: 0, rateScale: 0 };

  constructor(options: TrainingStepOptions, { counted }: { readonly counted: boolean }) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.gradients = new GradientSums(learning);
    this.loss = blankVariable([]);
    this.count = counted ? blankVariable([]) : undefined;
    this.#recorded = new RecordedStep({
      name: `update of segment '${segment}'`,
      step: () => [this.#update()],
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    });
  }

  /** @returns as {@link OptimizerStep.take} */
  take({ step, rateScale }: Pick<TakeStepOptions, 'step' | 'rateScale'>): Tensor {
    this.#now = { step, rateScale };
    return this.#recorded.call({ inputs: {}, variant: this.gradients.variant })[0]!;
  }

  dispose(): void {
    this.#recorded.dispose();
    this.gradients.dispose();
    for (const own of this.#scalars) own.dispose();
  }

  get #scalars(): Variable[] {
    return this.count ? [this.loss, this.count] : [this.loss];
  }

  #update(): Tensor {
    return tidy(() => {
      // Where nothing counts, the sums are 0, and so are the means.
      const total = this.count && (maximum(this.count, LEAST_COUNT) as Scalar);
      const now = { step: () => this.#now.step, rateScale: () => this.#now.rateScale };
      const norms = applyGradients(this.gradients.gradients, this.#options, now, total);
      const report = stack([total ? div(this.loss, total) : this.loss, ...norms]); // [1 + parts]
      this.gradients.clear();
      for (const own of this.#scalars) own.assign(zerosLike(own));
      return report;
    });
  }
}
