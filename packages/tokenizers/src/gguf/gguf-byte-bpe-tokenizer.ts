import type { SpecialTokens } from '@eim/contracts';
import { bytesOfSymbols, symbolsOfText } from '../byte-alphabet.js';
import { mergePairs } from '../published/merge-pairs.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import type { SurroundingTokens } from '../published/surrounding-tokens.js';
import { unknownId } from '../published/tokenizer-fault.js';
import { type FoundToken, partitionAtTokens } from './partition-at-tokens.js';
import type { PreTokenizerRule } from './pre-tokenizer-rules.js';
import { splitByRule } from './split-by-rule.js';

/** What a GGUF file says of a byte-level tokenizer. */
export interface GgufByteBpeParts {
  /** In byte symbols, by id. */
  readonly tokens: readonly string[];
  /** `"left right"` in byte symbols, the first of them first. */
  readonly merges: readonly string[];
  readonly rule: PreTokenizerRule;
  /** A piece that is a token is not merged anew. */
  readonly ignoreMerges: boolean;
  /** What is found in a text before it is split, in the order of the search. */
  readonly found: readonly FoundToken[];
  readonly specialTokens: SpecialTokens;
  readonly surroundings: SurroundingTokens;
  /** What `toJSON` gives. */
  readonly json: unknown;
}

/** Pieces remembered with their ids. */
const REMEMBERED_PIECES = 50_000;

/** The byte-level BPE of a GGUF file: ids equal those of llama.cpp. */
export class GgufByteBpeTokenizer implements PublishedTokenizer {
  readonly specialTokens: SpecialTokens;
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  private readonly ids = new Map<string, number>();
  private readonly ranks = new Map<string, number>();
  private readonly hidden: ReadonlySet<number>;
  private readonly foundIds: ReadonlySet<number>;
  private readonly remembered = new Map<string, readonly number[]>();

  constructor(
    private readonly parts: GgufByteBpeParts,
    private readonly options: PublishedTokenizerOptions = {},
  ) {
    this.specialTokens = parts.specialTokens;
    const specials = parts.found.filter(({ special }) => special);
    this.namedSpecialTokens = new Map(specials.map(({ text, id }) => [text, id]));
    for (const [id, token] of parts.tokens.entries()) this.ids.set(token, id);
    for (const [rank, merge] of parts.merges.entries()) {
      if (!this.ranks.has(merge)) this.ranks.set(merge, rank);
    }
    this.foundIds = new Set(parts.found.map(({ id }) => id));
    this.hidden = new Set([...this.namedSpecialTokens.values(), ...Object.values(parts.specialTokens)]);
  }

  get vocabularySize(): number {
    return this.parts.tokens.length;
  }

  encode(text: string): number[] {
    const { found } = this.parts;
    const tokens = this.options.parseSpecialTokens ? found : found.filter(({ special }) => !special);
    // Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
    return partitionAtTokens(wellFormed, tokens).flatMap((part) =>
      typeof part === 'number'
        ? [part]
        : splitByRule(part, this.parts.rule).flatMap((piece) => this.encodePiece(piece)),
    );
  }

  private encodePiece(piece: string): readonly number[] {
    const known = this.remembered.get(piece);
    if (known) return known;
    const ids = this.idsOfSymbols(symbolsOfText(piece));
    if (this.remembered.size >= REMEMBERED_PIECES) this.remembered.clear();
    this.remembered.set(piece, ids);
    return ids;
  }

  private idsOfSymbols(symbols: string): number[] {
    const whole = this.parts.ignoreMerges ? this.ids.get(symbols) : undefined;
    if (whole !== undefined) return [whole];
    const merged = mergePairs(
      Array.from(symbols, (text) => ({ text })),
      (left, right) => {
        const rank = this.ranks.get(`${left} ${right}`);
        return rank === undefined ? undefined : -rank;
      },
    );
    return merged.flatMap((token) => this.ids.get(token) ?? this.idsOfParts(token));
  }

  /** A merge that is no token is written by its bytes, of which llama.cpp finds those that stand for themselves. */
  private idsOfParts(token: string): number[] {
    return Array.from(token).flatMap((symbol) => (symbol < '\x80' ? (this.ids.get(symbol) ?? []) : []));
  }

  addSpecialTokens(ids: readonly number[]): number[] {
    const { before, after } = this.parts.surroundings;
    return [...before, ...ids, ...after];
  }

  decode(ids: readonly number[]): string {
    const bytes = ids.filter((id) => !this.hidden.has(id)).flatMap((id) => [...this.bytesOf(id)]);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  }

  /** Tokens that are found in a text stand for themselves, others for their bytes. */
  private bytesOf(id: number): Uint8Array {
    const token = this.parts.tokens[id];
    if (token === undefined) throw unknownId(id, this.vocabularySize);
    return (this.foundIds.has(id) ? undefined : bytesOfSymbols(token)) ?? new TextEncoder().encode(token);
  }

  toJSON(): unknown {
    return this.parts.json;
  }
}
