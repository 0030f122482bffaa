/** Special tokens that a tokenizer puts around a text. */
export interface SurroundingTokens {
  readonly before: readonly number[];
  readonly after: readonly number[];
}
