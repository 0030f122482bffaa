import { EimError, type Tokenizer } from '@eim/contracts';
import { inShapesPass } from '@eim/engine';
import type { LavinOptions } from './lavin-options.js';

/** Ids of the words before a picture's visual tokens, and of those before a text without a picture. */
export interface PrefixWords {
  readonly picture: readonly number[];
  readonly text: readonly number[];
}

/**
 * Undefined where words are given as text and there is no tokenizer. Where only shapes count, there may be none: a text then has
 * as many ids as it has bytes, which no tokenizer exceeds.
 */
export function prefixWords(
  { pictureWords, textWords }: Pick<LavinOptions, 'pictureWords' | 'textWords'>,
  tokenizer: Tokenizer | undefined,
): PrefixWords | undefined {
  const idsOf = (words: string | readonly number[]): readonly number[] | undefined =>
    typeof words === 'string' ? encoded(words, tokenizer) : words;
  const [picture, text] = [idsOf(pictureWords), idsOf(textWords)];
  return picture && text && { picture, text };
}

function encoded(words: string, tokenizer: Tokenizer | undefined): readonly number[] | undefined {
  if (words === '') return [];
  if (inShapesPass()) return new Array<number>(new TextEncoder().encode(words).length).fill(0);
  return tokenizer?.encode(words);
}

/** The error for words that nothing turns into ids. */
export const wordsWithoutTokenizer = (): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: "The ST 'lavin' puts words before the text (pictureWords, textWords), but has no tokenizer.",
    advice: 'Make it with the tokenizer of the LLM, or give the words as lists of ids.',
  });
