import type { SavePolicy } from './train-options.js';

const DEFAULT_SECONDS = 60;
/** Share of a run's time that saving by the clock may take: a large model is saved less often. */
const GREATEST_SHARE = 0.05;

/** Seconds from the end of one save to the next. @param lastTook seconds that the last save took */
export function secondsBetweenSaves({ steps, seconds }: SavePolicy, lastTook: number): number {
  const wanted = seconds ?? (steps === undefined ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
  return Math.max(wanted, lastTook * (1 / GREATEST_SHARE - 1));
}

/** Says when the next checkpoint inside a segment is due. */
export class SaveClock {
  readonly #policy: SavePolicy;
  readonly #now: () => number;
  #last: number;
  #lastTook = 0;

  /** @param now the time in milliseconds */
  constructor(policy: SavePolicy = {}, now = () => performance.now()) {
    this.#policy = policy;
    this.#now = now;
    this.#last = now();
  }

  isDue(step: number): boolean {
    const { steps = Number.POSITIVE_INFINITY } = this.#policy;
    const between = secondsBetweenSaves(this.#policy, this.#lastTook);
    return step % steps === 0 || (this.#now() - this.#last) / 1000 >= between;
  }

  /** Runs a save and takes its time. */
  async during(save: () => Promise<void>): Promise<void> {
    const began = this.#now();
    await save();
    this.#last = this.#now();
    this.#lastTook = (this.#last - began) / 1000;
  }
}
