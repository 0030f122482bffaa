import { mergePairs } from '../published/merge-pairs.js';
import { isMergeOf, isTokenId } from '../tokenizer-json.js';
import { JsonFields, unfit } from './json-fields.js';

/** Pieces remembered with their ids; captions repeat a few thousand words. */
const REMEMBERED_PIECES = 50_000;
const FIELDS = [
  ...['type', 'dropout', 'unk_token', 'continuing_subword_prefix', 'end_of_word_suffix', 'fuse_unk'],
  ...['byte_fallback', 'ignore_merges', 'vocab', 'merges'],
];

/** The `model` of a `tokenizer.json`: byte-pair encoding (huggingface/tokenizers, `models/bpe/model.rs`). */
export class BpeModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** How many ids the vocabulary itself has: one more than the last of them. */
  readonly size: number;
  private readonly ranks: ReadonlyMap<string, number>;
  private readonly unknown: string | undefined;
  private readonly fuseUnknown: boolean;
  private readonly byteFallback: boolean;
  private readonly ignoreMerges: boolean;
  private readonly remembered = new Map<string, readonly number[]>();

  /** @throws EimError `invalid-data` naming the first field that is not read exactly */
  constructor(value: unknown) {
    const fields = new JsonFields(value, 'model');
    // Files of older versions leave the model's type out.
    fields.choice('type', ['BPE'], 'BPE');
    fields.only(...FIELDS);
    fields.off('dropout', 'continuing_subword_prefix', 'end_of_word_suffix');
    this.fuseUnknown = fields.flag('fuse_unk', false);
    this.byteFallback = fields.flag('byte_fallback', false);
    this.ignoreMerges = fields.flag('ignore_merges', false);
    const vocabulary = vocabularyOf(fields);
    this.vocabulary = new Map(Object.entries(vocabulary));
    this.size = Object.values(vocabulary).reduce((most, id) => Math.max(most, id + 1), 0);
    this.ranks = ranksOf(fields, vocabulary);
    if (fields.get('unk_token') == null) return;
    this.unknown = fields.text('unk_token');
    if (!this.vocabulary.has(this.unknown)) throw fields.unfit('unk_token', 'a token of model.vocab');
  }

  /** Ids of a piece, within which pairs merge. */
  encode(piece: string): readonly number[] {
    const known = this.remembered.get(piece);
    if (known) return known;
    const ids = this.idsOf(piece);
    if (this.remembered.size >= REMEMBERED_PIECES) this.remembered.clear();
    this.remembered.set(piece, ids);
    return ids;
  }

  private idsOf(piece: string): number[] {
    const whole = this.ignoreMerges ? this.vocabulary.get(piece) : undefined;
    if (whole !== undefined) return [whole];
    const merged = mergePairs(this.symbolsOf(piece), (left, right) => {
      const rank = this.ranks.get(`${left} ${right}`);
      return rank === undefined ? undefined : -rank;
    });
    return merged.map((token) => this.vocabulary.get(token)!);
  }

  /** Characters that are tokens, bytes of those that are not, and the unknown token for what has neither. */
  private symbolsOf(piece: string): { text: string }[] {
    const symbols: { text: string }[] = [];
    // As in the original, an unknown token waits for the next character that is a token.
    let waiting = false;
    const flush = () => {
      if (waiting) symbols.push({ text: this.unknown! });
      waiting = false;
    };
    for (const text of piece) {
      if (this.vocabulary.has(text)) {
        flush();
        symbols.push({ text });
        continue;
      }
      const bytes = this.byteFallback ? this.bytesOf(text) : undefined;
      if (bytes) symbols.push(...bytes);
      else if (this.unknown !== undefined) {
        if (!this.fuseUnknown) flush();
        waiting = true;
      }
    }
    flush();
    return symbols;
  }

  private bytesOf(text: string): { text: string }[] | undefined {
    const bytes = Array.from(new TextEncoder().encode(text), (byte) => ({
      text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    }));
    return bytes.every((byte) => this.vocabulary.has(byte.text)) ? bytes : undefined;
  }
}

function vocabularyOf(fields: JsonFields): Readonly<Record<string, number>> {
  const value = fields.get('vocab');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fields.unfit('vocab', 'an object');
  }
  const ids = Object.values(value);
  if (!ids.every(isTokenId) || new Set(ids).size < ids.length) {
    throw unfit('model.vocab', undefined, 'distinct ids of 0 and above');
  }
  return value as Record<string, number>;
}

/** A pair that stands twice counts where it stands last. */
function ranksOf(fields: JsonFields, vocabulary: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(
    fields.list('merges').map((merge, rank) => {
      const pair = typeof merge === 'string' ? merge.split(' ') : merge;
      if (isMergeOf(vocabulary, pair)) return [pair.join(' '), rank];
      throw unfit(`model.merges[${rank}]`, merge, 'two tokens of model.vocab that make a third');
    }),
  );
}
