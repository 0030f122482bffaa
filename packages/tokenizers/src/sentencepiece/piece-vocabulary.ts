import type { SurroundingTokens } from '../published/surrounding-tokens.js';

/** What a piece is for (sentencepiece_model.proto, `SentencePiece.Type`). */
export type PieceKind = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

export interface Piece {
  readonly text: string;
  /** Pairs with higher scores are merged first. */
  readonly score: number;
  readonly kind: PieceKind;
}

/** Pieces by id, with what happens to a text before it is split. */
export interface PieceVocabulary {
  readonly pieces: readonly Piece[];
  /** What a space becomes: U+2581 in SentencePiece's own files. */
  readonly space: string;
  /** A space is put before the text. */
  readonly dummyPrefix: boolean;
  /** Leading, trailing and repeated spaces are dropped. */
  readonly removeExtraSpaces: boolean;
  /** Characters without a piece become pieces of their bytes. */
  readonly byteFallback: boolean;
  /** Absent where none is put before a text. */
  readonly begin?: number;
  readonly end: number;
  readonly unknown: number;
  readonly pad?: number;
  /** What is put around a text. @default the begin piece before it */
  readonly surroundings?: SurroundingTokens;
  /** Pieces at the end that were added after training. */
  readonly addedCount?: number;
}
