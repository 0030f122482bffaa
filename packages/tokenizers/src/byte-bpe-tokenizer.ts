import type { SpecialTokens } from '@eim/contracts';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { bytesOfSymbols, symbolsOfText } from './byte-alphabet.js';
import { lowercase, preTokenize } from './pre-tokenize.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from './published/published-tokenizer.js';
import { splitAtSpecials } from './published/split-at-specials.js';
import { surroundingTokens } from './published/surrounding-tokens.js';
import { unknownId } from './published/tokenizer-fault.js';
import type { ByteBpeJson } from './tokenizer-json.js';
import { addedCount, tokenPairs } from './tokenizer-json.js';

interface MergingModel {
  /** @param pieces in byte symbols */
  encode(pieces: string[]): string[];
}

/** Pieces remembered with their ids; captions repeat a few thousand words. */
const REMEMBERED_PIECES = 50_000;

/** GPT-2's byte-level BPE: ids equal those of the Python library with `encode_special_tokens`. */
export class ByteBpeTokenizer implements PublishedTokenizer {
  readonly vocabularySize: number;
  readonly addedTokenCount: number;
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  /** Added tokens that are found in any text, and with special ones where those are parsed. */
  private readonly found: ReadonlyMap<string, number>;
  /** The merging itself; pieces and specials stay here, where the npm library departs from the Python one. */
  private readonly model: MergingModel;
  private readonly bytesById: (Uint8Array | undefined)[] = [];
  private readonly specialIds: ReadonlySet<number>;
  private readonly remembered = new Map<string, readonly number[]>();
  private readonly prepare: (text: string) => string;

  constructor(
    private readonly json: ByteBpeJson,
    readonly specialTokens: SpecialTokens,
    options: PublishedTokenizerOptions = {},
  ) {
    const { vocab } = json.model;
    this.model = mergingModel(json);
    for (const [symbols, id] of Object.entries(vocab)) this.bytesById[id] = bytesOfSymbols(symbols);
    for (const { id, content } of json.added_tokens) this.bytesById[id] = new TextEncoder().encode(content);
    this.vocabularySize = this.bytesById.length;
    this.addedTokenCount = addedCount(json.model.vocab, this.vocabularySize);
    const specials = json.added_tokens.filter(({ special }) => special);
    this.namedSpecialTokens = new Map(specials.map(({ content, id }) => [content, id]));
    const ordinary = json.added_tokens.filter(({ special }) => !special);
    const found = options.parseSpecialTokens ? json.added_tokens : ordinary;
    this.found = new Map(found.map(({ content, id }) => [content, id]));
    this.specialIds = new Set(specials.map(({ id }) => id));
    const inLowercase = json.normalizer !== null && json.normalizer !== undefined;
    const addSpace = json.pre_tokenizer.add_prefix_space;
    this.prepare = (text) => {
      const normalized = inLowercase ? lowercase(text) : text;
      return addSpace && normalized !== '' && !normalized.startsWith(' ') ? ` ${normalized}` : normalized;
    };
  }

  encode(text: string): number[] {
    return splitAtSpecials(text, this.found).flatMap((piece) =>
      typeof piece === 'number' ? [piece] : this.encodeText(piece),
    );
  }

  private encodeText(text: string): number[] {
    return preTokenize(this.prepare(text)).flatMap((piece) => this.encodePiece(piece));
  }

  addSpecialTokens(ids: readonly number[]): number[] {
    const { before, after } = surroundingTokens(this.json.post_processor, this.namedSpecialTokens);
    return [...before, ...ids, ...after];
  }

  private encodePiece(piece: string): readonly number[] {
    const known = this.remembered.get(piece);
    if (known) return known;
    const ids = this.model.encode([symbolsOfText(piece)]).map((token) => this.json.model.vocab[token]!);
    if (this.remembered.size >= REMEMBERED_PIECES) this.remembered.clear();
    this.remembered.set(piece, ids);
    return ids;
  }

  decode(ids: readonly number[]): string {
    const pieces = ids.filter((id) => !this.specialIds.has(id)).map((id) => this.bytesOf(id));
    const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  }

  private bytesOf(id: number): Uint8Array {
    const bytes = this.bytesById[id];
    if (bytes) return bytes;
    throw unknownId(id, this.vocabularySize);
  }

  toJSON(): ByteBpeJson {
    return this.json;
  }
}

/** The npm library's byte-pair merging alone. */
function mergingModel(json: ByteBpeJson): MergingModel {
  const model = { type: 'BPE', vocab: json.model.vocab, merges: tokenPairs(json) };
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return new LibraryTokenizer({ ...parts, model, added_tokens: [] }, {}).model as MergingModel;
}
