import { add, mul, tidy, variable } from '@tensorflow/tfjs-core';
import { type NamedVariable, restore, snapshot } from './snapshot.js';

/**
 * Exponential moving average of the weights that a step changes. Young averages forget faster, `min(decay, (1 + t) / (10 + t))`,
 * as TensorFlow's `ExponentialMovingAverage(num_updates)`, so that a short segment is not held at its start.
 */
export class MovingAverage {
  readonly #decay: number;
  readonly #weights: readonly NamedVariable[];
  /** Averages under their weights' names. */
  readonly variables: readonly NamedVariable[];

  constructor(weights: readonly NamedVariable[], decay: number) {
    this.#decay = decay;
    this.#weights = weights;
    this.variables = weights.map(({ name, variable: weight }) => ({
      name,
      variable: tidy(() => variable(mul(weight, 1), false)),
    }));
  }

  /** @param step 0-based step that was just taken */
  update(step: number): void {
    const decay = Math.min(this.#decay, (2 + step) / (11 + step));
    this.#weights.forEach(({ variable: weight }, index) => {
      const { variable: average } = this.variables[index]!;
      tidy(() => average.assign(add(mul(average, decay), mul(weight, 1 - decay))));
    });
  }

  /** The averages become the weights. */
  async settle(): Promise<void> {
    restore(this.#weights, await snapshot(this.variables));
  }

  /** Runs something with the averages in the weights' place. */
  async during<T>(measure: () => Promise<T>): Promise<T> {
    const weights = await snapshot(this.#weights);
    await this.settle();
    try {
      return await measure();
    } finally {
      restore(this.#weights, weights);
    }
  }

  dispose(): void {
    for (const { variable: average } of this.variables) average.dispose();
  }
}
