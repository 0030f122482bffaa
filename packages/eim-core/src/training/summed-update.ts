import type { Tensor, Variable } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { div, maximum, type Scalar, scalar, stack, tidy, unstack, zerosLike } from '@tensorflow/tfjs-core';
import { applyGradients } from './apply-gradients.js';
import { blankVariable, GradientSums } from './gradient-sums.js';
import { shareSums } from './sharing/share-sums.js';
import { sumInBuckets } from './sharing/sum-in-buckets.js';
import type { TrainingGroup } from './sharing/training-group.js';
import type { TakeStepOptions, TrainingStepOptions } from './training-step.js';

/** Below every count of things, and above 0. */
export const LEAST_COUNT = 1e-30;

/**
 * The update of a step on several batches: by the sums that these have added to, which are empty afterwards. Recorded by itself, where
 * the engine can. Where several processes take the step, by the sums of all of them.
 */
export class SummedUpdate {
  readonly gradients: GradientSums;
  /** `[]` */
  readonly loss: Variable;
  /** `[]`: what the sums are divided by. Absent: they are means already */
  readonly count: Variable | undefined;
  /** `[]`: how many processes are asked to stop. Absent: this is the only one. */
  readonly #stops: Variable | undefined;
  readonly #options: TrainingStepOptions;
  readonly #group: TrainingGroup | undefined;
  readonly #recorded: RecordedStep;
  #now = { step: 0, rateScale: 0 };

  constructor(
    options: TrainingStepOptions,
    { counted, group }: { readonly counted: boolean; readonly group: TrainingGroup | undefined },
  ) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.#group = group;
    this.gradients = new GradientSums(learning);
    this.loss = blankVariable([]);
    this.count = counted ? blankVariable([]) : undefined;
    this.#stops = group && blankVariable([]);
    this.#recorded = new RecordedStep({
      name: `update of segment '${segment}'`,
      step: () => [this.#update()],
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    });
  }

  /** @returns as {@link OptimizerStep.take} */
  async take({ step, rateScale, asked }: Omit<TakeStepOptions, 'next'>): Promise<Tensor> {
    this.#now = { step, rateScale };
    const { gradients } = this;
    if (asked?.()) tidy(() => this.#stops?.assign(scalar(1)));
    if (this.#group && !this.#group.sumInStep)
      await shareSums(this.#group, [...gradients.moved, ...this.#scalars]);
    try {
      return this.#recorded.call({ inputs: {}, variant: gradients.variant })[0]!;
    } catch (cause) {
      throw this.#group?.explain?.(cause) ?? cause;
    }
  }

  dispose(): void {
    this.#recorded.dispose();
    this.gradients.dispose();
    for (const own of this.#scalars) own.dispose();
  }

  get #scalars(): Variable[] {
    return [this.loss, this.count, this.#stops].filter((one) => one !== undefined);
  }

  #update(): Tensor {
    return tidy(() => {
      const { gradients, numbers } = this.#summed();
      const [loss, ...others] = numbers as [Scalar, ...Scalar[]];
      // Where nothing counts, the sums are 0, and so are the means.
      const total = this.count && (maximum(others.shift()!, LEAST_COUNT) as Scalar);
      const now = { step: () => this.#now.step, rateScale: () => this.#now.rateScale };
      const norms = applyGradients(gradients, this.#options, now, total);
      const report = stack([total ? div(loss, total) : loss, ...norms, ...others]); // [1 + parts], [1 + parts + 1]
      this.gradients.clear();
      for (const own of this.#scalars) own.assign(zerosLike(own));
      return report;
    });
  }

  /** The sums, those of all processes where they have not been added up before. */
  #summed(): { gradients: (Tensor | undefined)[]; numbers: Tensor[] } {
    const { gradients } = this.gradients;
    const scalars = this.#scalars;
    const group = this.#group;
    if (!group?.sumInStep) return { gradients, numbers: scalars };
    const { sumInStep } = group;
    const adding = { sumInStep: sumInStep.bind(group) };
    const present = gradients.filter((gradient) => gradient !== undefined);
    const sums = sumInBuckets(adding, [stack(scalars), ...present]);
    const numbers = unstack(sums.shift()!);
    return { gradients: gradients.map((gradient) => gradient && sums.shift()!), numbers };
  }
}
