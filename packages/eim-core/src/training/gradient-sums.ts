import type { Tensor, Variable } from '@eim/contracts/model';
import { add, mul, tidy, variable, zeros, zerosLike } from '@tensorflow/tfjs-core';
import type { LearningParameter } from './optimizer/learning-parameter.js';

/**
 * Sums of gradients between the batches of one optimizer step. They lie in variables, so that what adds to them and what reads
 * them can each be recorded.
 */
export class GradientSums {
  readonly #sums: readonly Variable[];
  /** Which parameters had a gradient, by the form of what was added: a recorded step does not tell again. */
  readonly #reached = new Map<string, readonly boolean[]>();
  #moved: readonly boolean[];

  constructor(learning: readonly LearningParameter[]) {
    this.#sums = learning.map(({ parameter }) => blankVariable(parameter.variable.shape));
    this.#moved = this.#sums.map(() => false);
  }

  /** Begins an optimizer step. */
  begin(): void {
    this.#moved = this.#sums.map(() => false);
  }

  /**
   * Adds gradients, which are freed; to be called in a recorded step.
   * @param form of what was differentiated
   * @param share what they are multiplied by. Absent: 1
   */
  add(form: string, gradients: readonly (Tensor | undefined)[], share?: Tensor): void {
    for (const [index, gradient] of gradients.entries()) {
      if (!gradient) continue;
      addTo(this.#sums[index]!, () => (share ? mul(gradient, share) : gradient));
      gradient.dispose();
    }
    this.#reached.set(
      form,
      gradients.map((gradient) => gradient !== undefined),
    );
  }

  /** Notes, after the call of the recorded step, that something of that form was added. */
  added(form: string): void {
    const reached = this.#reached.get(form)!;
    this.#moved = this.#moved.map((moved, index) => moved || reached[index]!);
  }

  /** What has no gradient in this step at all, as text. */
  get variant(): string {
    return this.#moved.map(Number).join('');
  }

  /** The sums that this step has added to. */
  get moved(): Variable[] {
    return this.#sums.filter((_, index) => this.#moved[index]);
  }

  /** The sums; undefined where nothing depends on a parameter. */
  get gradients(): (Tensor | undefined)[] {
    return this.#sums.map((sum, index) => (this.#moved[index] ? sum : undefined));
  }

  /** Makes all sums 0; to be called in a recorded step. */
  clear(): void {
    for (const sum of this.#sums) sum.assign(zerosLike(sum));
  }

  dispose(): void {
    for (const sum of this.#sums) sum.dispose();
  }
}

/** A variable of zeros. */
export const blankVariable = (shape: readonly number[]): Variable =>
  tidy(() => variable(zeros([...shape]), false));

/** Adds to a variable, whose old values are freed at once. */
export function addTo(total: Variable, value: () => Tensor): void {
  tidy(() => total.assign(add(total, value())));
}
