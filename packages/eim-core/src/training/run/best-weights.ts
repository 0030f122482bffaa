import type { KeepBest } from '../../plan/measured-by-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import { type EarlyStoppingState, observe } from '../gates/early-stopping.js';
import { type NamedArray, restore, snapshot } from '../optimizer/snapshot.js';
import type { SegmentLearner } from './segment-learner.js';

/** The weights of a segment that measured best so far, and for how long none have been better. */
export class BestWeights {
  /** By what they are known; absent where the segment keeps none. */
  readonly rule: KeepBest | undefined;
  readonly #learner: SegmentLearner;
  #state: EarlyStoppingState = { waited: 0 };
  #values: readonly NamedArray[] | undefined;

  constructor({ until, keepBest }: Segment, learner: SegmentLearner) {
    this.rule = until.earlyStopping ?? keepBest;
    this.#learner = learner;
  }

  get state(): EarlyStoppingState {
    return this.#state;
  }

  /** For a checkpoint. */
  get values(): readonly NamedArray[] | undefined {
    return this.#values;
  }

  resume(state: EarlyStoppingState, values: readonly NamedArray[] | undefined): void {
    this.#state = state;
    this.#values = values;
  }

  /** Copies the weights after a step, where their value is the best. */
  async observe(value: number, step: number): Promise<void> {
    const { state, improved } = observe(this.#state, value, step, this.rule!);
    this.#state = state;
    if (!improved) return;
    const { average, weights } = this.#learner;
    this.#values = await snapshot(average ? average.variables : weights);
  }

  /** Waits anew for a better value; the best that was measured stays the best. */
  waitAnew(): void {
    this.#state = { ...this.#state, waited: 0 };
  }

  /** @returns false where nothing was measured */
  restore(): boolean {
    if (this.#values) restore(this.#learner.weights, this.#values);
    return this.#values !== undefined;
  }
}
