import type { SavePolicy } from './train-options.js';

const DEFAULT_SECONDS = 60;
/** Share of a run's time that saving by the clock may take: a large model is saved less often. */
const GREATEST_SHARE = 0.05;

/** Says when the next checkpoint inside a segment is due. */
export class SaveClock {
  readonly #steps: number;
  readonly #seconds: number;
  readonly #now: () => number;
  #last: number;
  #lastTook = 0;

  /** @param now the time in milliseconds */
  constructor({ steps, seconds }: SavePolicy = {}, now = () => performance.now()) {
    this.#steps = steps ?? Number.POSITIVE_INFINITY;
    this.#seconds = seconds ?? (steps === undefined ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
    this.#now = now;
    this.#last = now();
  }

  isDue(step: number): boolean {
    const between = Math.max(this.#seconds, this.#lastTook * (1 / GREATEST_SHARE - 1));
    return step % this.#steps === 0 || (this.#now() - this.#last) / 1000 >= between;
  }

  /** Runs a save and takes its time. */
  async during(save: () => Promise<void>): Promise<void> {
    const began = this.#now();
    await save();
    this.#last = this.#now();
    this.#lastTook = (this.#last - began) / 1000;
  }
}
