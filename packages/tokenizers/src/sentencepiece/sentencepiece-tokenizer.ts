import type { SpecialTokens } from '@eim/contracts';
import { mergePairs, type TextSymbol } from '../published/merge-pairs.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import { splitAtSpecials } from '../published/split-at-specials.js';
import { unknownId } from '../published/tokenizer-fault.js';
import { decodeBytes } from './decode-bytes.js';
import { type PieceReader, pieceReader } from './piece-reader.js';
import type { PieceVocabulary } from './piece-vocabulary.js';
import { prepareText } from './prepare-text.js';
import { sentencepieceJson } from './sentencepiece-json.js';

const BYTE = /^<0x([0-9A-F]{2})>$/;

/**
 * SentencePiece's BPE, as LLaMA 1 and 2 use it: ids equal those of SentencePiece's own `encode`. Special tokens
 * are the control pieces; the begin token is what the family puts before a text.
 */
export class SentencepieceTokenizer implements PublishedTokenizer {
  readonly specialTokens: SpecialTokens;
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  private readonly ids = new Map<string, number>();
  private readonly byteIds = new Map<number, number>();
  private readonly byteOf = new Map<number, number>();
  private readonly userDefined: readonly string[];
  private readonly reader: PieceReader | undefined;

  constructor(
    private readonly vocabulary: PieceVocabulary,
    private readonly options: PublishedTokenizerOptions = {},
  ) {
    const { pieces, begin, end, unknown, pad } = vocabulary;
    const named = new Map<string, number>();
    for (const [id, { text, kind }] of pieces.entries()) {
      const byte = kind === 'byte' ? BYTE.exec(text)?.[1] : undefined;
      if (byte !== undefined) {
        this.byteIds.set(Number.parseInt(byte, 16), id);
        this.byteOf.set(id, Number.parseInt(byte, 16));
      } else if (kind === 'control' || kind === 'unknown') named.set(text.trim(), id);
      else if (kind === 'normal' || kind === 'user-defined') this.ids.set(text, id);
    }
    this.namedSpecialTokens = named;
    this.userDefined = pieces.filter(({ kind }) => kind === 'user-defined').map(({ text }) => text);
    if (vocabulary.reading)
      this.reader = pieceReader(vocabulary.reading, options.parseSpecialTokens ?? false);
    this.specialTokens = { ...(begin !== undefined && { begin }), end, pad: pad ?? unknown };
  }

  get addedTokenCount(): number {
    return this.vocabulary.addedCount ?? 0;
  }

  get vocabularySize(): number {
    return this.vocabulary.pieces.length;
  }

  encode(text: string): number[] {
    if (this.reader) {
      return this.reader(text).flatMap((part) =>
        typeof part === 'number'
          ? [part]
          : this.encodeSymbols(Array.from(part, (symbol) => ({ text: symbol }))),
      );
    }
    if (!this.options.parseSpecialTokens) return this.encodeText(text);
    return splitAtSpecials(text, this.namedSpecialTokens).flatMap((piece) =>
      typeof piece === 'number' ? [piece] : this.encodeText(piece),
    );
  }

  private encodeText(text: string): number[] {
    return this.encodeSymbols(prepareText(text, this.vocabulary, this.userDefined));
  }

  private encodeSymbols(prepared: readonly TextSymbol[]): number[] {
    const { pieces, unknown } = this.vocabulary;
    const merged = mergePairs(prepared, (left, right) => {
      const id = this.ids.get(left + right);
      return id === undefined ? undefined : pieces[id]!.score;
    });
    const ids: number[] = [];
    for (const piece of merged) {
      const id = this.ids.get(piece);
      if (id !== undefined) ids.push(id);
      else if (this.vocabulary.byteFallback) ids.push(...this.idsOfBytes(piece));
      // Unknown characters in a row are one unknown piece.
      else if (ids.at(-1) !== unknown) ids.push(unknown);
    }
    return ids;
  }

  private idsOfBytes(piece: string): number[] {
    return Array.from(
      new TextEncoder().encode(piece),
      (byte) => this.byteIds.get(byte) ?? this.vocabulary.unknown,
    );
  }

  addSpecialTokens(ids: readonly number[]): number[] {
    const { begin, surroundings } = this.vocabulary;
    const { before, after } = surroundings ?? { before: begin === undefined ? [] : [begin], after: [] };
    return [...before, ...ids, ...after];
  }

  decode(ids: readonly number[]): string {
    const { pieces, space, dummyPrefix, removeExtraSpaces } = this.vocabulary;
    let text = '';
    let expectsSpace = dummyPrefix || removeExtraSpaces;
    let bytes: number[] = [];
    const flush = () => {
      text += decodeBytes(bytes);
      bytes = [];
    };
    for (const id of ids) {
      const piece = pieces[id];
      if (!piece) throw unknownId(id, pieces.length);
      const byte = this.byteOf.get(id);
      if (byte !== undefined) {
        bytes.push(byte);
        continue;
      }
      flush();
      if (piece.kind === 'control') continue;
      if (piece.kind === 'unknown') text += ' \u2047 ';
      else {
        const leads = expectsSpace && text === '' && piece.text.startsWith(space);
        text += (leads ? piece.text.slice(space.length) : piece.text).replaceAll(space, ' ');
        if (leads && !removeExtraSpaces) expectsSpace = false;
      }
    }
    flush();
    return text;
  }

  /** Pieces and options; `createTokenizer` gives the tokenizer again. */
  toJSON(): unknown {
    return sentencepieceJson(this.vocabulary);
  }
}
