import { clipPartsOfJson, isClipJson, isClipTokenizerJson } from './clip/clip-json.js';
import { ClipTokenizer } from './clip/clip-tokenizer.js';
import { createGgufTokenizer } from './gguf/create-gguf-tokenizer.js';
import { isGgufJson } from './gguf/gguf-json.js';
import { PipelineTokenizer } from './pipeline/pipeline-tokenizer.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from './published/published-tokenizer.js';
import { isSentencepieceJson, vocabularyOfJson } from './sentencepiece/sentencepiece-json.js';
import { SentencepieceTokenizer } from './sentencepiece/sentencepiece-tokenizer.js';
import type { SpecialTokenNames } from './special-tokens.js';

export interface TokenizerOptions extends PublishedTokenizerOptions {
  /** Absent: those of `trainByteBpe`, of GPT-2 or of LLaMA, whichever the file has. */
  readonly specialTokens?: SpecialTokenNames;
}

/**
 * A tokenizer from the contents of a `tokenizer.json` that a published model brings, that `trainByteBpe` made, or
 * that a tokenizer of this package gave with `toJSON`. Ids equal those of the Python library with
 * `encode_special_tokens`, or, where a family has an older original (CLIP), that original's.
 * @throws EimError `invalid-data` for another kind of file, `invalid-argument` for unknown special tokens
 */
export function createTokenizer(json: unknown, options: TokenizerOptions = {}): PublishedTokenizer {
  if (isSentencepieceJson(json)) return new SentencepieceTokenizer(vocabularyOfJson(json), options);
  if (isGgufJson(json)) return createGgufTokenizer(json.metadata, 'tokenizer.json', options);
  if (isClipJson(json))
    return new ClipTokenizer(clipPartsOfJson(json), { variant: json.variant, ...options });
  if (isClipTokenizerJson(json)) return new ClipTokenizer(clipPartsOfJson(json), options);
  return new PipelineTokenizer(json, options);
}
