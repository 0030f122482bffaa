import type { Picture } from './picture.js';

/** One exchange that came before a row's prompt. */
export interface Turn {
  readonly prompt: string;
  readonly answer: string;
}

/**
 * One item of training or evaluation: what a model is shown and asked, and what it should say.
 *
 * A caption is an answer to an empty prompt. A question's prompt is read and never supervised; its answers are. A row
 * without a picture is text alone. Rows that show the same picture hold the same {@link Picture} object, or pictures of
 * one fingerprint, wherever they stand.
 *
 * @example
 * const caption: Row = { id: '391895', picture, prompt: '', answers: ['A man on a motorcycle.', 'Someone rides.'] };
 * const question: Row = { id: '7', prompt: 'Is ice solid?', answers: ['yes'], choices: ['yes', 'no'] };
 */
export interface Row {
  /** Unique in its split, as in the source. */
  readonly id: string;
  readonly picture?: Picture;
  /** Read before the answer; empty for a caption. */
  readonly prompt: string;
  /**
   * What may be said, at least one. Training draws from them; scores compare with all. Empty in a split of `Dataset.unanswered`
   * alone.
   */
  readonly answers: readonly string[];
  /** All that may be answered, where the row is a choice; accuracy is measured then. */
  readonly choices?: readonly string[];
  /** Exchanges before the prompt, oldest first. Their answers are supervised like the row's own. */
  readonly earlier?: readonly Turn[];
  /** What stands before all exchanges: a system message. */
  readonly system?: string;
}
