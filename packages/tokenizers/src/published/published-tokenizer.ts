import type { SpecialTokens, Tokenizer } from '@eim/contracts';

/** How the tokenizer of a published model is read. */
export interface PublishedTokenizerOptions {
  /**
   * True: text that spells a special token (`<s>`, `<|endoftext|>`) becomes that token. Only for text that you
   * wrote yourself.
   * @default false
   */
  readonly parseSpecialTokens?: boolean;
  /**
   * `hf`: the ids of Hugging Face's port where it departs from the model's original, as for CLIP.
   * @default 'original'
   */
  readonly variant?: 'original' | 'hf';
}

/** The tokenizer of a published model. */
export interface PublishedTokenizer extends Tokenizer {
  /** Every special token with its id, by its text. */
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  /** The ids with the begin and end tokens that the family puts around a text; a copy where it puts none. */
  addSpecialTokens(ids: readonly number[]): number[];
  readonly specialTokens: SpecialTokens;
}
