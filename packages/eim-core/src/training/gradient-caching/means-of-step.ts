import type { ObjectiveContext, Tensor } from '@eim/contracts/model';
import { ones, reshape, slice, stack } from '@tensorflow/tfjs-core';

/**
 * How a loss that is the sum of several means, each over things of its own, weighs them where several batches or processes make one
 * step: each mean by its batch's share of all things that it is the mean of.
 */
export interface MeansOfStep {
  /** In a first pass, things are counted and nothing else that the loss gives is needed. */
  readonly counting: boolean;
  /** @param count how many things a mean is over, `[]` @returns what it is multiplied by, `[]` */
  weigh(count: Tensor): Tensor;
}

/** What an objective of several losses gets in the passes of a step on several batches. */
export interface StepContext extends ObjectiveContext {
  readonly means?: MeansOfStep | undefined;
}

/** The name under which `Comparison.vectors` gives what the loss has beside the comparison: weighed means in sum, `[]`. */
export const BESIDE = 'beside';

/** The name of how many things each mean is over, `[1, L]`; among gradients, that of their shares. */
export const COUNTS = 'counts';

/** Notes the counts of a batch. */
export class CountedMeans implements MeansOfStep {
  readonly counting = true;
  readonly #counts: Tensor[] = [];

  weigh(count: Tensor): Tensor {
    this.#counts.push(count);
    return ones([]);
  }

  /** `[1, L]` */
  get counts(): Tensor {
    return stack([stack(this.#counts)]);
  }
}

/** Weighs the means of a batch, in the order in which they were counted. */
export class WeighedMeans implements MeansOfStep {
  readonly counting = false;
  readonly #shares: Tensor;
  #next = 0;

  /** @param shares `[1, L]` */
  constructor(shares: Tensor) {
    this.#shares = shares;
  }

  weigh(): Tensor {
    return reshape(slice(this.#shares, [0, this.#next++], [1, 1]), []);
  }
}
