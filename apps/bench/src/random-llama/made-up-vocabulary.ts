import type { ExportedGgufValue } from '@eim/contracts';

/** Kinds of tokens (llama.h, `enum llama_token_type`). */
const KIND = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;
const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';

/** A vocabulary in LLaMA's form: every byte, every letter, and words that nobody knows. */
export function madeUpVocabulary(size: number): Record<string, ExportedGgufValue> {
  const tokens: { text: string; kind: number }[] = [
    { text: '<unk>', kind: KIND.unknown },
    { text: '<s>', kind: KIND.control },
    { text: '</s>', kind: KIND.control },
    ...Array.from({ length: 256 }, (_, byte) => ({
      text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      kind: KIND.byte,
    })),
  ];
  const words = ['\u2581', ...LETTERS];
  for (let at = 0; words.length < size; at++) for (const letter of LETTERS) words.push(words[at]! + letter);
  for (const text of words.slice(0, size - tokens.length)) tokens.push({ text, kind: KIND.normal });
  const id = (value: number): ExportedGgufValue => ({ type: 'uint32', value });
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.pre': { type: 'string', value: 'default' },
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens.map(({ text }) => text) },
    'tokenizer.ggml.scores': { type: 'float32s', value: tokens.map((_, index) => -index) },
    'tokenizer.ggml.token_type': { type: 'int32s', value: tokens.map(({ kind }) => kind) },
    'tokenizer.ggml.bos_token_id': id(1),
    'tokenizer.ggml.eos_token_id': id(2),
    'tokenizer.ggml.unknown_token_id': id(0),
    'tokenizer.ggml.padding_token_id': id(2),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.ggml.add_space_prefix': { type: 'bool', value: true },
  };
}
