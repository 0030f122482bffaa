import type { AddedToken } from './tokenizer-json.js';

/** How LLaMA 3 splits text before byte pairs merge (meta-llama/llama3, llama/tokenizer.py, `pat_str`). */
export const LLAMA3_PIECES = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** What makes one byte-level vocabulary of LLaMA 3's or GPT-2's kind. */
export interface ByteLevelParts {
  /** Ids by token, in byte symbols. */
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly merges: readonly (string | readonly [string, string])[];
  readonly added: readonly AddedToken[];
  /** Whose pieces a text is split into before pairs merge. */
  readonly pieces: 'llama3' | 'gpt2';
  /** Text of the token put before a text; absent where none is. */
  readonly begin?: string | undefined;
}

/** A `tokenizer.json` of it, as Hugging Face publishes the LLaMA 3 and GPT-2 families. */
export function byteLevelJson({ vocabulary, merges, added, pieces, begin }: ByteLevelParts): unknown {
  const isLlama3 = pieces === 'llama3';
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: !isLlama3 };
  const split = { type: 'Split', pattern: { Regex: LLAMA3_PIECES }, behavior: 'Isolated', invert: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: isLlama3 ? { type: 'Sequence', pretokenizers: [split, byteLevel] } : byteLevel,
    post_processor:
      begin === undefined
        ? null
        : {
            type: 'TemplateProcessing',
            single: [{ SpecialToken: { id: begin } }, { Sequence: { id: 'A' } }],
          },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', ignore_merges: isLlama3, vocab: vocabulary, merges },
  };
}

/** An added token as it is written in almost every file. */
export const addedToken = (id: number, content: string, special: boolean): AddedToken => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});
