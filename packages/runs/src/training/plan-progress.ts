import { type Plan, segmentSteps, type TrainingProgress } from '@eim/core/training';
import type { ProgressEvent } from '../context.js';

/** The steps of each segment of a plan, for a split with this many answers. */
export function plannedSteps(plan: Plan, answerCount: number): number[] {
  return plan.segments.map((segment) => segmentSteps(segment, answerCount));
}

/** Reports a plan's progress over all its segments. */
export class PlanProgress {
  readonly #tell: (event: ProgressEvent) => void;
  readonly #name: string;
  /** Work of a step in each segment. Absent: equal for all. */
  readonly #stepCosts: readonly number[];
  readonly #steps: readonly number[];
  readonly #workBefore: number;
  readonly #workInAll: number;
  #done = 0;

  constructor(
    tell: (event: ProgressEvent) => void,
    {
      name,
      steps,
      stepCosts = steps.map(() => 1),
      workBefore = 0,
      workInAll = sumProducts(steps, stepCosts),
    }: {
      readonly name: string;
      readonly steps: readonly number[];
      readonly stepCosts?: readonly number[];
      /** Work of the whole progress that was done before this plan began, and all of it. */
      readonly workBefore?: number;
      readonly workInAll?: number;
    },
  ) {
    this.#tell = tell;
    this.#name = name;
    this.#steps = steps;
    this.#stepCosts = stepCosts;
    this.#workBefore = workBefore;
    this.#workInAll = workInAll;
  }

  /** Work of the whole plan. */
  get work(): number {
    return sumProducts(this.#steps, this.#stepCosts);
  }

  readonly onProgress = (state: TrainingProgress): void => {
    const { phase, segment, segmentIndex, step, steps, loss, examplesPerSecond } = state;
    const finished = sumProducts(this.#steps.slice(0, segmentIndex), this.#stepCosts);
    const taken = phase === 'train' ? step * this.#stepCosts[segmentIndex]! : 0;
    // Pictures are also encoded, and gates measured, in the middle of a segment, which may also go back.
    this.#done = Math.max(this.#done, finished + taken);
    const detail = {
      encode: `encoding pictures ${step}/${steps}`,
      evaluate: 'measuring its gate',
      'go-back': `back at step ${step}/${steps}, as a number was not finite`,
      train: [
        `step ${step}/${steps}`,
        loss === undefined ? undefined : `loss ${loss.toFixed(3)}`,
        examplesPerSecond === undefined ? undefined : `${examplesPerSecond.toFixed(0)} rows/s`,
      ]
        .filter(Boolean)
        .join('  '),
    }[phase];
    this.#tell({
      label: `${this.#name} › ${segment}`,
      done: this.#workBefore + this.#done,
      total: this.#workInAll,
      detail,
    });
  };
}

function sumProducts(steps: readonly number[], costs: readonly number[]): number {
  return steps.reduce((sum, count, index) => sum + count * costs[index]!, 0);
}
