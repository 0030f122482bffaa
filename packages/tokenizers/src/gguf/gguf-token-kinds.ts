import type { GgufTokenizerMetadata } from './gguf-metadata.js';

/** Kinds of tokens by their numbers (ggml-org/llama.cpp, include/llama.h, `llama_token_type`). */
export const TOKEN_KIND = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** What ends a turn or a text, by whatever kind a file gives it. */
const ENDS = new Set(
  (
    '<|eot_id|> <|im_end|> <|end|> <|return|> <|call|> <|flush|> <|calls|> <end_of_turn> <|endoftext|> </s> ' +
    '<|eom_id|> <EOT> _<EOT> [EOT] [EOS] <|end_of_text|> <end_of_utterance> <eos> <turn|> <|tool_response> ' +
    '<｜end▁of▁sentence｜> [e~['
  ).split(' '),
);

/** What completes code in the middle, by the key that would name it. */
const FILL_INS: readonly (readonly [key: string, older: string | undefined, names: string])[] = [
  [
    'fim_pre',
    'prefix',
    '<|fim_prefix|> <fim-prefix> <fim_prefix> <｜fim▁begin｜> <PRE> ▁<PRE> <|code_prefix|> <|prefix|>',
  ],
  [
    'fim_suf',
    'suffix',
    '<|fim_suffix|> <fim-suffix> <fim_suffix> <｜fim▁hole｜> <SUF> ▁<SUF> <|code_suffix|> <|suffix|>',
  ],
  [
    'fim_mid',
    'middle',
    '<|fim_middle|> <fim-middle> <fim_middle> <｜fim▁end｜> <MID> ▁<MID> <|code_middle|> <|middle|>',
  ],
  ['fim_pad', undefined, '<|fim_pad|> <fim-pad> <fim_pad> <PAD> [PAD]'],
  ['fim_rep', undefined, '<|fim_repo|> <|repo_name|> <fim-repo> <REPO> <reponame>'],
  ['fim_sep', undefined, '<|file_sep|>'],
];

/** Written out by their models, and found in any text. */
const HARMONY = new Set(['<|channel|>', '<|message|>', '<|start|>', '<|constrain|>']);

/**
 * Kinds of all tokens. Those that look like control tokens count as such even if a converter did not mark them, as in
 * llama.cpp (src/llama-vocab.cpp, `llama_vocab::impl::load`).
 */
export function ggufTokenKinds(metadata: GgufTokenizerMetadata): readonly number[] {
  const given = metadata.numbers('token_type');
  const control = new Set(ENDS);
  for (const [key, older, names] of FILL_INS) {
    const isNamed = [key, older].some((name) => name !== undefined && metadata.id(name) !== undefined);
    if (isNamed) continue;
    for (const name of names.split(' ')) control.add(name);
  }
  const hasOne = (...names: readonly string[]) => names.some((name) => metadata.tokens.includes(name));
  const isHarmony = hasOne('<|return|>', '<|flush|>') && hasOne('<|call|>', '<|calls|>');
  return metadata.tokens.map((text, id) => {
    if (HARMONY.has(text) || (text === '<|end|>' && isHarmony)) return TOKEN_KIND.userDefined;
    return control.has(text) ? TOKEN_KIND.control : (given?.[id] ?? TOKEN_KIND.normal);
  });
}
