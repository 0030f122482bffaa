import type { PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import type { PieceKind } from '../sentencepiece/piece-vocabulary.js';
import { SentencepieceTokenizer } from '../sentencepiece/sentencepiece-tokenizer.js';
import type { GgufTokenizerMetadata } from './gguf-metadata.js';
import { ggufSurroundings } from './gguf-surroundings.js';

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
  const types = metadata.numbers('token_type');
  if (!scores || !types) throw metadata.fault('has a tokenizer without scores or types of its tokens');
  const { surroundings, specialTokens } = ggufSurroundings(metadata, { begin: true, beginId: 1, endId: 2 });
  const pad = metadata.id('padding');
  const unknown = metadata.id('unknown', 0) ?? 0;
  return new SentencepieceTokenizer(
    {
      pieces: metadata.tokens.map((text, at) => ({
        text,
        score: scores[at]!,
        kind: KINDS[types[at]!] ?? 'normal',
      })),
      space: '\u2581',
      dummyPrefix: metadata.flag('add_space_prefix') ?? true,
      removeExtraSpaces: metadata.flag('remove_extra_whitespaces') ?? false,
      byteFallback: true,
      ...(specialTokens.begin !== undefined && { begin: specialTokens.begin }),
      end: specialTokens.end,
      unknown,
      ...(pad !== undefined && { pad }),
      surroundings,
    },
    options,
  );
}
