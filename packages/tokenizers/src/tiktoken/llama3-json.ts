import { addedToken } from '../tokenizer-json.js';

/** How LLaMA 3 splits text before byte pairs merge (meta-llama/llama3, llama/tokenizer.py, `pat_str`). */
const LLAMA3_PIECES = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** What makes one vocabulary of LLaMA 3's kind. */
export interface Llama3Parts {
  /** Ids by token, in byte symbols. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly merges: readonly (readonly [string, string])[];
  /** Special tokens behind the vocabulary; the first begins a text. */
  readonly specials: readonly string[];
}

/** A `tokenizer.json` of it, as Hugging Face publishes the LLaMA 3 family. */
export function llama3Json({ vocabulary, merges, specials }: Llama3Parts): unknown {
  const begin = specials[0]!;
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  const split = { type: 'Split', pattern: { Regex: LLAMA3_PIECES }, behavior: 'Isolated', invert: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((name, place) => addedToken(vocabulary.size + place, name, true)),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, byteLevel] },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: begin } }, { Sequence: { id: 'A' } }],
      special_tokens: { [begin]: { id: begin, ids: [vocabulary.size], tokens: [begin] } },
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', ignore_merges: true, vocab: Object.fromEntries(vocabulary), merges },
  };
}
