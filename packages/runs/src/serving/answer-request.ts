import type { AskedRow } from '@eim/core';
import type { TokenChoice } from '@eim/nn';

/** A picture as the encoder takes it, which is small however large its file was, and what tells it from others. */
export interface ServedPicture {
  /** Preprocessed, `imageSize * imageSize * 3`. */
  readonly pixels: Float32Array;
  /** Equal for equal pictures alone, such as a hash of the file's bytes. */
  readonly fingerprint: string;
}

/** One prompt, and how it is to be answered. */
export interface AnswerRequest extends TokenChoice {
  readonly row: Omit<AskedRow, 'picture'>;
  readonly picture?: ServedPicture | undefined;
  /** Answers to this prompt, each by itself. @default 1 */
  readonly choices?: number | undefined;
  readonly maxNewTokens: number;
  /** Of sampling. */
  readonly seed: number;
  /** An answer ends before the first of these texts. */
  readonly stopStrings?: readonly string[] | undefined;
  /** How many of the likeliest tokens are wanted at each place. Absent: no log-probabilities. */
  readonly likeliest?: number | undefined;
  /** Aborted: the work ends, and the iteration with it. */
  readonly signal?: AbortSignal | undefined;
}

export interface RatedToken {
  readonly id: number;
  /** Natural logarithm of its probability, before temperature and everything else that changes it. */
  readonly logProbability: number;
}

export interface AnsweredToken extends RatedToken {
  /** The likeliest first. */
  readonly likeliest: readonly RatedToken[];
}

/** What comes while a request is answered: one `begin`, then pieces of all its answers. */
export type AnswerEvent =
  | {
      readonly kind: 'begin';
      /** Slots of the picture and tokens of the prompt. */
      readonly promptTokens: number;
      /** How many of them an earlier request had read already. */
      readonly sharedTokens: number;
    }
  | {
      readonly kind: 'piece';
      /** Index of the answer. */
      readonly choice: number;
      /** New whole characters. */
      readonly text: string;
      /** New ids; a token that ends the answer is none of them. */
      readonly ids: readonly number[];
      /** The same ids, where log-probabilities were asked for. */
      readonly tokens?: readonly AnsweredToken[];
      /** On the last piece of an answer. */
      readonly end?: 'stop' | 'length';
    };

/** What is being computed, and what was so far. */
export interface SchedulerCounts {
  /** Requests that have not begun. */
  readonly waiting: number;
  /** Answers whose prompts are being read. */
  readonly reading: number;
  /** Answers that are being written. */
  readonly running: number;
  /** Positions that are kept for requests to come. */
  readonly keptPositions: number;
  readonly promptTokens: number;
  readonly sharedTokens: number;
  readonly newTokens: number;
  /** Decoding steps, each for all rows of one kind. */
  readonly steps: number;
}
