import { createTokenizer, type TokenizerOptions } from '../create-tokenizer.js';
import type { PublishedTokenizer } from '../published/published-tokenizer.js';
import { llama3Json } from './llama3-json.js';
import { llama3SpecialTokens } from './llama3-special-tokens.js';
import { mergesOfRanks, readTiktokenRanks } from './tiktoken-ranks.js';

/**
 * LLaMA 3's tokenizer from Meta's own `tokenizer.model`, ranks in base64: the same ids as the `tokenizer.json` that
 * Hugging Face made of it.
 * @param file for messages
 * @throws EimError `invalid-file`
 */
export function createTiktokenTokenizer(
  text: string,
  file: string,
  options: TokenizerOptions = {},
): PublishedTokenizer {
  const ranks = readTiktokenRanks(text, file);
  const json = llama3Json({
    vocabulary: ranks,
    merges: mergesOfRanks(ranks),
    specials: llama3SpecialTokens(),
  });
  return createTokenizer(json, options);
}
