import type { PieceKind, PieceVocabulary } from '../../sentencepiece/piece-vocabulary.js';
import { TOKEN_KIND } from '../gguf-token-kinds.js';
import type { GgufKeys } from './gguf-keys.js';
import type { PaddedTokens } from './padded-tokens.js';
import { unwritable } from './unwritable.js';

const KINDS = {
  normal: TOKEN_KIND.normal,
  unknown: TOKEN_KIND.unknown,
  control: TOKEN_KIND.control,
  'user-defined': TOKEN_KIND.userDefined,
  unused: TOKEN_KIND.unused,
  byte: TOKEN_KIND.byte,
} as const satisfies Record<PieceKind, number>;

/** SentencePiece's pieces, which llama.cpp merges by their scores. */
export function keysOfPieces(vocabulary: PieceVocabulary, tokens: PaddedTokens): GgufKeys {
  const { pieces, space, byteFallback, removeExtraSpaces, reading, dummyPrefix, unknown, surroundings } =
    vocabulary;
  if (removeExtraSpaces) throw unwritable('it drops spaces at the ends and repeated ones');
  if (!byteFallback) throw unwritable('it has no pieces for the bytes of other characters');
  if (space !== '\u2581') throw unwritable(`it writes ${JSON.stringify(space)} for a space`);
  const listed = pieces.map(({ text, score, kind }, id) => [id, { text, score, kind: KINDS[kind] }] as const);
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.pre': { type: 'string', value: 'default' },
    ...tokens.keys(new Map(listed)),
    'tokenizer.ggml.unknown_token_id': { type: 'uint32', value: unknown },
    'tokenizer.ggml.add_eos_token': { type: 'bool', value: (surroundings?.after.length ?? 0) > 0 },
    'tokenizer.ggml.add_space_prefix': { type: 'bool', value: reading?.addsPrefix ?? dummyPrefix },
  };
}
