import type { Tensor, Variable } from '@eim/contracts/model';
import { adamWStep } from '@eim/engine';
import { type Scalar, tidy, variable, zeros } from '@tensorflow/tfjs-core';
import type { LearningParameter } from './learning-parameter.js';
import type { NamedVariable } from './snapshot.js';

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * AdamW over what a segment trains, each parameter with its own rate and decay. Built anew for each segment,
 * so that moments of one objective never steer another.
 */
export class AdamW {
  readonly #learning: readonly LearningParameter[];
  readonly #settings: AdamWSettings;
  readonly #first: readonly Variable[];
  readonly #second: readonly Variable[];

  constructor(learning: readonly LearningParameter[], settings: AdamWSettings) {
    this.#learning = learning;
    this.#settings = settings;
    const blank = ({ parameter }: LearningParameter) =>
      tidy(() => variable(zeros(parameter.variable.shape), false));
    this.#first = learning.map(blank);
    this.#second = learning.map(blank);
  }

  /** Moments under `first.<parameter>` and `second.<parameter>`. */
  get variables(): readonly NamedVariable[] {
    return this.#learning.flatMap(({ name }, index) => [
      { name: `first.${name}`, variable: this.#first[index]! },
      { name: `second.${name}`, variable: this.#second[index]! },
    ]);
  }

  /**
   * Updates every parameter that has a gradient.
   * @param gradients by index of the parameter; undefined where the loss does not depend on it
   * @param now the 0-based step and the schedule's share of the rates: functions, as they change from step to step
   * @param gradientScale scalar that every gradient is multiplied by (clipping)
   */
  apply(
    gradients: readonly (Tensor | undefined)[],
    now: { readonly step: () => number; readonly rateScale: () => number },
    gradientScale: Scalar | undefined,
  ): void {
    const moved = this.#learning.map((_, index) => index).filter((index) => gradients[index] !== undefined);
    adamWStep({
      variables: moved.map((index) => this.#learning[index]!.parameter.variable),
      gradients: moved.map((index) => gradients[index]!),
      firstMoments: moved.map((index) => this.#first[index]!),
      secondMoments: moved.map((index) => this.#second[index]!),
      learningRates: moved.map((index) => this.#learning[index]!.rate),
      weightDecays: moved.map((index) => this.#learning[index]!.weightDecay),
      rateScale: now.rateScale,
      step: () => now.step() + 1,
      ...this.#settings,
      ...(gradientScale && { gradientScale }),
    });
  }

  /** Moments are as before the first step. */
  forget(): void {
    for (const moment of [...this.#first, ...this.#second]) tidy(() => moment.assign(zeros(moment.shape)));
  }

  dispose(): void {
    for (const moment of [...this.#first, ...this.#second]) moment.dispose();
  }
}
