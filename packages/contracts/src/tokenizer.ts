export interface SpecialTokens {
  /** Id put before a text. Absent where the tokenizer puts none, even if its vocabulary has a token of that name. */
  readonly begin?: number;
  /** Id that ends a text. */
  readonly end: number;
  /** Id that fills the rest of a batch row; never supervised. May equal `end` in published vocabularies. */
  readonly pad: number;
}

/** Text to ids and back. Text that looks like a special token is ordinary text. */
export interface Tokenizer {
  readonly vocabularySize: number;
  /**
   * How many ids were added at the end of a published vocabulary, such as a pad token or the roles of a chat. The
   * published model may have no embeddings for them. Absent: none.
   */
  readonly addedTokenCount?: number;
  readonly specialTokens: SpecialTokens;
  /** Ids of the text alone: no begin, end or pad token is added. */
  encode(text: string): number[];
  /** Text of the ids; special tokens are left out. */
  decode(ids: readonly number[]): string;
  /** The contents of a `tokenizer.json` that gives this tokenizer again. */
  toJSON(): unknown;
}
