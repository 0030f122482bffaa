import type { ComputeMode } from '@eim/contracts/model';

/** What a generation took. */
export interface GenerationStats {
  /** From the call to a loaded model: starting the engine, reading and laying out the weights. */
  readonly loadSeconds: number;
  readonly promptTokens: number;
  /** From the loaded model to the first new token. */
  readonly promptSeconds: number;
  readonly newTokens: number;
  /** From the first new token to the last, so `newTokens - 1` steps. */
  readonly decodeSeconds: number;
  /** The most memory that the process has held at once, in bytes. */
  readonly peakResidentBytes: number;
  /** How products with weights in blocks were computed. */
  readonly compute: ComputeMode;
}

/** Takes the times of one generation. */
export class GenerationClock {
  readonly #began = performance.now();
  #loaded = 0;
  #first = 0;
  #last = 0;
  #count = 0;

  /** The model is loaded, and the prompt begins. */
  loaded(): void {
    this.#loaded = this.#first = this.#last = performance.now();
  }

  /** New tokens have come. */
  tokens(count: number): void {
    if (count === 0) return;
    this.#last = performance.now();
    if (this.#count === 0) this.#first = this.#last;
    this.#count += count;
  }

  stats(promptTokens: number, compute: ComputeMode): GenerationStats {
    return {
      loadSeconds: (this.#loaded - this.#began) / 1000,
      promptTokens,
      promptSeconds: (this.#first - this.#loaded) / 1000,
      newTokens: this.#count,
      decodeSeconds: (this.#last - this.#first) / 1000,
      peakResidentBytes: process.resourceUsage().maxRSS * 1024,
      compute,
    };
  }
}
