import type { SavePolicy } from './train-options.js';

const DEFAULT_SECONDS = 60;

/** Says when the next checkpoint inside a segment is due. */
export class SaveClock {
  readonly #steps: number;
  readonly #seconds: number;
  #last = performance.now();

  constructor({ steps, seconds }: SavePolicy = {}) {
    this.#steps = steps ?? Number.POSITIVE_INFINITY;
    this.#seconds = seconds ?? (steps === undefined ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
  }

  isDue(step: number): boolean {
    return step % this.#steps === 0 || (performance.now() - this.#last) / 1000 >= this.#seconds;
  }

  reset(): void {
    this.#last = performance.now();
  }
}
