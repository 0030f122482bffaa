import type { PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import type { PieceKind } from '../sentencepiece/piece-vocabulary.js';
import { SentencepieceTokenizer } from '../sentencepiece/sentencepiece-tokenizer.js';
import { ggufFoundTokens } from './gguf-found-tokens.js';
import type { GgufTokenizerMetadata } from './gguf-metadata.js';
import { ggufSurroundings } from './gguf-surroundings.js';
import { ggufTokenKinds } from './gguf-token-kinds.js';

const KINDS: readonly PieceKind[] = [
  'normal',
  'normal',
  'unknown',
  'control',
  'user-defined',
  'unused',
  'byte',
];

/**
 * SentencePiece's BPE, as a GGUF file carries it.
 * @throws EimError `invalid-data` naming the key that does not fit
 */
export function readGgufSentencepiece(
  metadata: GgufTokenizerMetadata,
  options: PublishedTokenizerOptions,
): SentencepieceTokenizer {
  const scores = metadata.numbers('scores');
  if (!scores || !metadata.numbers('token_type'))
    throw metadata.fault('has a tokenizer without scores or types of its tokens');
  const { surroundings, specialTokens } = ggufSurroundings(metadata, { begin: true, beginId: 1, endId: 2 });
  const pad = metadata.id('padding');
  const unknown = metadata.id('unknown', 0) ?? 0;
  const kinds = ggufTokenKinds(metadata);
  const addsPrefix = metadata.flag('add_space_prefix') ?? true;
  const removeExtraSpaces = metadata.flag('remove_extra_whitespaces') ?? false;
  const found = ggufFoundTokens(metadata, metadata.tokens);
  return new SentencepieceTokenizer(
    {
      pieces: metadata.tokens.map((text, at) => ({
        text,
        score: scores[at]!,
        kind: KINDS[kinds[at]!] ?? 'normal',
      })),
      space: '\u2581',
      dummyPrefix: addsPrefix,
      removeExtraSpaces,
      byteFallback: true,
      ...(specialTokens.begin !== undefined && { begin: specialTokens.begin }),
      end: specialTokens.end,
      unknown,
      ...(pad !== undefined && { pad }),
      surroundings,
      // llama.cpp, which never removes spaces from such texts, would not obey a file that says so
      ...(!removeExtraSpaces && { reading: { found, addsPrefix } }),
    },
    options,
  );
}
