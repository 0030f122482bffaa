import type { PreTokenizerRuleName } from '../gguf/pre-tokenizer-rules.js';

const byteLevel = (splits: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: splits,
});
const split = (expression: string) => ({
  type: 'Split',
  pattern: { Regex: expression },
  behavior: 'Isolated',
  invert: false,
});
const sequence = (...pretokenizers: readonly object[]) => ({ type: 'Sequence', pretokenizers });
const words = (numbers: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** The rules by which published models of LLaMA's family split texts, as their own `tokenizer.json` says them. */
export const LIBRARY_PRE_TOKENIZERS: Partial<Record<PreTokenizerRuleName, object>> = {
  gpt2: byteLevel(true),
  digitsThenGpt2: sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)),
  llama3: sequence(split(words('\\p{N}{1,3}')), byteLevel(false)),
  qwen2: sequence(split(words('\\p{N}')), byteLevel(false)),
};
