import type { FoundToken } from '../gguf/partition-at-tokens.js';
import type { SurroundingTokens } from '../published/surrounding-tokens.js';
import type { AddedToken } from '../tokenizer-json.js';

/** What a piece is for (sentencepiece_model.proto, `SentencePiece.Type`). */
export type PieceKind = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

export interface Piece {
  readonly text: string;
  /** Pairs with higher scores are merged first. */
  readonly score: number;
  readonly kind: PieceKind;
}

/** How llama.cpp reads texts with the pieces of a LLaMA. */
export interface LlamaCppReading {
  /** Tokens that are found in a text before it is split, in the order of the search. */
  readonly found: readonly FoundToken[];
  /** A space is put before each text between such tokens. */
  readonly addsPrefix: boolean;
}

/** How transformers reads texts with the pieces of a LLaMA. */
export interface TransformersReading {
  /** Tokens that are found in a text before it is split. */
  readonly added: readonly AddedToken[];
  /** Each text between such tokens is normalised by itself. */
  readonly isLegacy: boolean;
  /** A space is put before a text, or where the reading is not the older one, before the first alone. */
  readonly addsPrefix: boolean;
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
  /** Reads texts as another program does. @default as SentencePiece itself does */
  readonly reading?: LlamaCppReading | TransformersReading;
  /** Pieces at the end that were added after training. */
  readonly addedCount?: number;
}
