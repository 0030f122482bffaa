import { add, mul, tidy, variable } from '@tensorflow/tfjs-core';
import type { LearningParameter } from './learning-parameter.js';
import { type NamedVariable, restore, snapshot } from './snapshot.js';

/**
 * Exponential moving average of what learns. Young averages forget faster, `min(decay, (1 + t) / (10 + t))`,
 * as TensorFlow's `ExponentialMovingAverage(num_updates)`, so that a short segment is not held at its start.
 */
export class MovingAverage {
  readonly #decay: number;
  readonly #learning: readonly LearningParameter[];
  /** Averages under their parameters' names. */
  readonly variables: readonly NamedVariable[];

  constructor(learning: readonly LearningParameter[], decay: number) {
    this.#decay = decay;
    this.#learning = learning;
    this.variables = learning.map(({ name, parameter }) => ({
      name,
      variable: tidy(() => variable(mul(parameter.variable, 1), false)),
    }));
  }

  /** @param step 0-based step that was just taken */
  update(step: number): void {
    const decay = Math.min(this.#decay, (2 + step) / (11 + step));
    this.#learning.forEach(({ parameter }, index) => {
      const { variable: average } = this.variables[index]!;
      tidy(() => average.assign(add(mul(average, decay), mul(parameter.variable, 1 - decay))));
    });
  }

  /** The averages become the weights. */
  async settle(): Promise<void> {
    restore(this.#weights(), await snapshot(this.variables));
  }

  /** Runs something with the averages in the weights' place. */
  async during<T>(measure: () => Promise<T>): Promise<T> {
    const weights = await snapshot(this.#weights());
    await this.settle();
    try {
      return await measure();
    } finally {
      restore(this.#weights(), weights);
    }
  }

  dispose(): void {
    for (const { variable: average } of this.variables) average.dispose();
  }

  #weights(): NamedVariable[] {
    return this.#learning.map(({ name, parameter }) => ({ name, variable: parameter.variable }));
  }
}
