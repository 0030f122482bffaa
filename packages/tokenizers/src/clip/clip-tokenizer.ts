import type { SpecialTokens } from '@eim/contracts';
import { bytesOfSymbols, symbolsOfText } from '../byte-alphabet.js';
import { fixText } from '../fix-text/fix-text.js';
import { unescapeHtml } from '../fix-text/html-entities.js';
import { collapseWhiteSpace } from '../fix-text/python-white-space.js';
import { lowercase } from '../pre-tokenize.js';
import { mergePairs } from '../published/merge-pairs.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import { splitAtSpecials } from '../published/split-at-specials.js';
import { unknownId } from '../published/tokenizer-fault.js';
import { CLIP_JSON_TYPE } from './clip-json.js';
import { type ClipParts, clipSpecialTokens, END_OF_WORD } from './clip-parts.js';

/** Contractions, words, single digits and runs of other signs, within text in lower case. */
const HF_PIECES = "'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\p{White_Space}\\p{L}\\p{N}]+";
/** The original ignores case, so that its `s` is also the long one, and U+0345, a letter in upper case alone, nothing. */
const PIECES = HF_PIECES.replace("'s", "'[sſ]").replace('\\p{N}]+', '\\p{N}\\u0345]+');
const SPECIALS = '<\\|startoftext\\|>|<\\|endoftext\\|>';
/** Words remembered with their ids. */
const REMEMBERED_WORDS = 50_000;

/**
 * CLIP's tokenizer: ids equal those of OpenAI's and open_clip's `SimpleTokenizer`, cleaning included; with
 * `variant: 'hf'` those of Hugging Face's `CLIPTokenizerFast`.
 */
export class ClipTokenizer implements PublishedTokenizer {
  readonly vocabularySize: number;
  readonly specialTokens: SpecialTokens;
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly tokens: (string | undefined)[] = [];
  private readonly ranks: ReadonlyMap<string, number>;
  private readonly remembered = new Map<string, readonly number[]>();
  private readonly pieces: RegExp;

  constructor(
    private readonly parts: ClipParts,
    private readonly options: PublishedTokenizerOptions = {},
  ) {
    this.ids = new Map(Object.entries(parts.vocabulary));
    for (const [token, id] of this.ids) this.tokens[id] = token;
    this.ranks = new Map(parts.merges.map((merge, rank) => [merge, rank]));
    this.vocabularySize = this.tokens.length;
    this.namedSpecialTokens = clipSpecialTokens(parts);
    const hf = options.variant === 'hf';
    // The original fills a row with zeros, the port with the end token.
    this.specialTokens = { begin: parts.begin, end: parts.end, pad: hf ? parts.end : 0 };
    const own = hf ? HF_PIECES : PIECES;
    this.pieces = new RegExp(options.parseSpecialTokens && !hf ? `${SPECIALS}|${own}` : own, 'gu');
  }

  encode(text: string): number[] {
    if (this.options.variant !== 'hf') return this.encodePieces(cleanCaption(text));
    if (!this.options.parseSpecialTokens) return this.encodePieces(normalizeAsHuggingFace(text));
    return splitAtSpecials(text, this.namedSpecialTokens).flatMap((part) =>
      typeof part === 'number' ? [part] : this.encodePieces(normalizeAsHuggingFace(part)),
    );
  }

  private encodePieces(prepared: string): number[] {
    return (prepared.match(this.pieces) ?? []).flatMap((piece) => this.encodePiece(piece));
  }

  private encodePiece(piece: string): readonly number[] {
    const special = this.options.parseSpecialTokens ? this.namedSpecialTokens.get(piece) : undefined;
    if (special !== undefined) return [special];
    const known = this.remembered.get(piece);
    if (known) return known;
    const symbols = Array.from(symbolsOfText(piece), (text) => ({ text }));
    const last = symbols.at(-1)!;
    const word = [...symbols.slice(0, -1), { text: last.text + END_OF_WORD }];
    const merged = mergePairs(word, (left, right) => {
      const rank = this.ranks.get(`${left} ${right}`);
      return rank === undefined ? undefined : -rank;
    });
    const ids = merged.map((token) => this.ids.get(token)!);
    if (this.remembered.size >= REMEMBERED_WORDS) this.remembered.clear();
    this.remembered.set(piece, ids);
    return ids;
  }

  addSpecialTokens(ids: readonly number[]): number[] {
    return [this.parts.begin, ...ids, this.parts.end];
  }

  /** Words with single spaces between them: what cleaning and splitting took away does not come back. */
  decode(ids: readonly number[]): string {
    const { begin, end } = this.parts;
    const bytes = ids
      .filter((id) => id !== begin && id !== end)
      .map((id) => {
        const token = this.tokens[id];
        if (token === undefined) throw unknownId(id, this.vocabularySize);
        // The end of a word is written in signs that are bytes themselves.
        return bytesOfSymbols(token)!;
      });
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      Uint8Array.from(bytes.flatMap((piece) => [...piece])),
    );
    return text.replaceAll(END_OF_WORD, ' ').replace(/ $/, '');
  }

  /** Vocabulary and variant; `createTokenizer` gives the tokenizer again. */
  toJSON(): unknown {
    const { vocabulary, merges } = this.parts;
    return { type: CLIP_JSON_TYPE, variant: this.options.variant ?? 'original', vocabulary, merges };
  }
}

/** NFC, single spaces and lower case, character by character. */
function normalizeAsHuggingFace(text: string): string {
  return lowercase(text.normalize('NFC').replace(/\p{White_Space}+/gu, ' '));
}

/**
 * A text as CLIP was trained on it: repaired, HTML references resolved twice, single spaces, lower case
 * (openai/CLIP, clip/simple_tokenizer.py, `basic_clean` and `whitespace_clean`).
 */
export function cleanCaption(text: string): string {
  return collapseWhiteSpace(unescapeHtml(unescapeHtml(fixText(text)))).toLowerCase();
}
