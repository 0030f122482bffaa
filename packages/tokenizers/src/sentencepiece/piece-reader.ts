import { partitionAtTokens } from '../gguf/partition-at-tokens.js';
import { AddedVocabulary } from '../pipeline/added-vocabulary.js';
import type { LlamaCppReading, TransformersReading } from './piece-vocabulary.js';

/** Splits a text into ids of tokens that it spells and texts between them, in which spaces are signs. */
export type PieceReader = (text: string) => (number | string)[];

const SIGN = '\u2581';
const signs = (text: string) => text.replaceAll(' ', SIGN);
/** Lone surrogates, which UTF-8 cannot hold, become U+FFFD. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** @param keepsSpecial special tokens are found as well, not read as text */
export function pieceReader(
  reading: LlamaCppReading | TransformersReading,
  keepsSpecial: boolean,
): PieceReader {
  return 'found' in reading ? asLlamaCpp(reading, keepsSpecial) : asTransformers(reading, keepsSpecial);
}

/** llama.cpp, src/llama-vocab.cpp, `llama_vocab::impl::tokenize`. */
function asLlamaCpp({ found, addsPrefix }: LlamaCppReading, keepsSpecial: boolean): PieceReader {
  const tokens = keepsSpecial ? found : found.filter(({ special }) => !special);
  const prefix = addsPrefix ? SIGN : '';
  return (text) =>
    partitionAtTokens(wellFormed(text), tokens).map((part) =>
      typeof part === 'number' ? part : prefix + signs(part),
    );
}

/** transformers, `convert_slow_tokenizer.py`, `LlamaConverter`. */
function asTransformers(
  { added, isLegacy, addsPrefix }: TransformersReading,
  keepsSpecial: boolean,
): PieceReader {
  const normalize = (text: string) => (addsPrefix && text !== '' ? SIGN : '') + signs(text);
  const vocabulary = new AddedVocabulary(added, isLegacy ? normalize : (text) => text, keepsSpecial);
  return (text) =>
    vocabulary.split(wellFormed(text)).map((part) => {
      if (typeof part === 'number') return part;
      if (isLegacy) return part.text;
      const signed = signs(part.text);
      return addsPrefix && part.atStart && !signed.startsWith(SIGN) ? SIGN + signed : signed;
    });
}
