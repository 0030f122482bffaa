/** One multiple-choice question. What a file does not say is undefined, never guessed. */
export interface ScienceQaProblem {
  /** The official `pid`. */
  readonly id: string;
  /** `train`, `val` or `test`. */
  readonly split: string;
  /** The question; with its context before it where `contextInQuestion` says so. */
  readonly question: string;
  /** The text given with the question; empty where there is none. */
  readonly hint?: string;
  /** The source joins context and question into one text that cannot be taken apart again. */
  readonly contextInQuestion?: boolean;
  readonly choices: readonly string[];
  /** Place of the right choice, from 0. */
  readonly answer: number;
  /** Whether a text is given with the question. */
  readonly hasText?: boolean;
  readonly hasImage: boolean;
  /** The picture's file, relative to the data folder, where the source names one. */
  readonly image?: string;
  /** `natural science`, `social science` or `language science`. */
  readonly subject?: string;
  /** `grade1` to `grade12`. */
  readonly grade?: string;
  readonly topic?: string;
  readonly lecture?: string;
  readonly solution?: string;
  /** A machine's description of the picture (the official `captions.json`). */
  readonly caption?: string;
}

/** The letters of the choices, in their order (the official programs' `options`). */
export const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const;
