import { tokenizerFault } from '../published/tokenizer-fault.js';
import type { Piece, PieceKind, PieceVocabulary } from './piece-vocabulary.js';

/** What `SentencepieceTokenizer.toJSON` gives. */
export const SENTENCEPIECE_JSON_TYPE = 'SentencePieceBPE';

interface SentencepieceJson extends Omit<PieceVocabulary, 'pieces'> {
  readonly type: typeof SENTENCEPIECE_JSON_TYPE;
  readonly pieces: readonly [text: string, score: number, kind: PieceKind][];
}

export function isSentencepieceJson(json: unknown): json is SentencepieceJson {
  return (json as Partial<SentencepieceJson> | null)?.type === SENTENCEPIECE_JSON_TYPE;
}

export function sentencepieceJson({ pieces, ...options }: PieceVocabulary): SentencepieceJson {
  return {
    type: SENTENCEPIECE_JSON_TYPE,
    ...options,
    pieces: pieces.map(({ text, score, kind }) => [text, score, kind]),
  };
}

/** @throws EimError `invalid-file` */
export function vocabularyOfJson({ type: _, pieces, ...options }: SentencepieceJson): PieceVocabulary {
  const parsed = Array.isArray(pieces) ? Array.from(pieces, pieceOf) : [];
  const { end, unknown, begin = unknown, pad = unknown, space } = options;
  const ids = [end, unknown, begin, pad];
  if (
    !ids.every((id) => Number.isSafeInteger(id) && parsed[id]) ||
    typeof space !== 'string' ||
    space === ''
  ) {
    throw tokenizerFault('tokenizer.json', 'its pieces or its special ids are damaged');
  }
  return { ...options, pieces: parsed };
}

const KINDS: readonly unknown[] = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'];

function pieceOf(entry: unknown, id: number): Piece {
  const [text, score, kind] = Array.isArray(entry) ? entry : [];
  if (typeof text === 'string' && typeof score === 'number' && KINDS.includes(kind)) {
    return { text, score, kind: kind as PieceKind };
  }
  throw tokenizerFault('tokenizer.json', `its piece ${id} is not [text, score, kind]`);
}
