import type { ComputeMode } from '@eim/contracts/model';

/** What an answer took. */
export interface ChatStats {
  /** Tokens before the answer. */
  readonly promptTokens: number;
  readonly newTokens: number;
  /** From the question to the first new token, pictures included; 0 where none came. */
  readonly secondsToFirstToken: number;
  /** From the first new token to the last; null where there are no two. */
  readonly tokensPerSecond: number | null;
  /** The most memory that the process has held at once, in bytes. */
  readonly peakResidentBytes: number;
  /** How products with weights in blocks were computed. */
  readonly compute: ComputeMode;
}
