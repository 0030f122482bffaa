import { EimError } from '@eim/contracts';
import type { PublishedTokenizer } from './published-tokenizer.js';

export interface ContextOptions {
  /** Ids in a row, special tokens included: 77 for CLIP. */
  readonly contextLength: number;
  /** False: a text that is too long is an error, as in OpenAI's `tokenize`. @default false */
  readonly truncate?: boolean;
}

/**
 * The ids of a text between its special tokens, filled with the pad token to the length of a model's context. A
 * text that is cut keeps its last special token (openai/CLIP, clip/clip.py, `tokenize`).
 * @throws EimError `invalid-argument` where the text is too long and may not be cut
 */
export function encodeForContext(
  tokenizer: PublishedTokenizer,
  text: string,
  { contextLength, truncate = false }: ContextOptions,
): number[] {
  const own = tokenizer.encode(text);
  const ids = tokenizer.addSpecialTokens(own);
  if (ids.length > contextLength) {
    const around = ids.length - own.length;
    if (!truncate || around > contextLength) {
      throw new EimError({
        code: 'invalid-argument',
        message: `A text of ${ids.length} tokens does not fit into a context of ${contextLength}: "${text.slice(0, 60)}".`,
        advice: 'Shorten it, or ask for it to be cut.',
        data: { tokens: ids.length, contextLength },
      });
    }
    return tokenizer.addSpecialTokens(own.slice(0, contextLength - around));
  }
  return [...ids, ...new Array<number>(contextLength - ids.length).fill(tokenizer.specialTokens.pad)];
}
