import { AddedVocabulary } from '../pipeline/added-vocabulary.js';
import type { PieceReading } from './piece-vocabulary.js';

/** Splits a text into ids of added tokens and texts between them, in which spaces are signs. */
export type PieceReader = (text: string) => (number | string)[];

const SIGN = '\u2581';

/**
 * Reads texts as transformers does with a LLaMA's pieces (`convert_slow_tokenizer.py`, `LlamaConverter`).
 * @param keepsSpecial special tokens are found as well, not read as text
 */
export function pieceReader(
  { added, isLegacy, addsPrefix }: PieceReading,
  keepsSpecial: boolean,
): PieceReader {
  const signs = (text: string) => text.replaceAll(' ', SIGN);
  const normalize = (text: string) => (addsPrefix && text !== '' ? SIGN : '') + signs(text);
  const vocabulary = new AddedVocabulary(added, isLegacy ? normalize : (text) => text, keepsSpecial);
  return (text) =>
    // Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    vocabulary.split(text.replace(/\p{Surrogate}/gu, '\ufffd')).map((part) => {
      if (typeof part === 'number') return part;
      if (isLegacy) return part.text;
      const signed = signs(part.text);
      return addsPrefix && part.atStart && !signed.startsWith(SIGN) ? SIGN + signed : signed;
    });
}
