import type { Row } from './row.js';

/** A text that a model gave to a row. */
export interface SaidText {
  readonly text: string;
  /** What was shown and asked, and what might have been said. */
  readonly row: Row;
}

/**
 * Says how good texts are, for objectives that make better ones more likely, such as self-critical training. It need not be
 * differentiable: scores are worked out between steps.
 *
 * @example
 * const brevity: Reward = { score: (said) => said.map(({ text }) => -text.length) };
 */
export interface Reward {
  /** @returns a finite number for each text, in their order; more is better */
  score(said: readonly SaidText[]): readonly number[] | Promise<readonly number[]>;
}

/** What a reward is made with. */
export interface RewardContext {
  /** Rows that are trained on: what words are rare is counted in their answers. */
  readonly rows: readonly Row[];
}
