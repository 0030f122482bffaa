import type { AddedToken } from '../tokenizer-json.js';
import type { Piece, PieceVocabulary } from './piece-vocabulary.js';

/** A vocabulary with tokens added behind its pieces: special ones as control pieces, others as user-defined ones. */
export function withAddedTokens(vocabulary: PieceVocabulary, added: readonly AddedToken[]): PieceVocabulary {
  const first = vocabulary.pieces.length;
  const behind = added.filter(({ id }) => id >= first);
  if (behind.length === 0) return vocabulary;
  const size = behind.reduce((most, { id }) => Math.max(most, id + 1), first);
  const pieces: Piece[] = [...vocabulary.pieces];
  for (let id = first; id < size; id++) pieces.push({ text: '', score: 0, kind: 'unused' });
  for (const { id, content, special } of behind) {
    pieces[id] = { text: content, score: 0, kind: special ? 'control' : 'user-defined' };
  }
  return { ...vocabulary, pieces, addedCount: size - first };
}
