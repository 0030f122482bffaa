import { PairIndex } from './pair-index.js';
import { splitWords } from './split-words.js';
import { WordTable } from './word-table.js';

/** coco-caption's BLEU and CIDEr both go up to 4-grams. */
export const MAXIMUM_ORDER = 4;

/** The distinct n-grams of one caption, orders 1 to 4 one after the other, each in order of first occurrence. */
export interface NGramCounts {
  /** Words in the caption. */
  readonly length: number;
  readonly ids: Int32Array;
  /** Occurrences by position in `ids`. */
  readonly counts: Int32Array;
  /** `ids[ends[n - 2] ?? 0]` to `ids[ends[n - 1] - 1]` are the n-grams of order n. */
  readonly ends: readonly [number, number, number, number];
}

interface NGramArrays {
  readonly ids: Int32Array;
  readonly counts: Int32Array;
}

const UNKNOWN = -1;
const PIECE = 1 << 16;

/** Gives n-grams numbers, so that counting and comparing captions needs no strings. */
export class NGramTable {
  readonly #words: WordTable;
  /** By word: the id of the 1-gram. */
  #unigramIds = new Int32Array(1024).fill(UNKNOWN);
  /** By word: the words that Python's `split` makes of it, where that is not the word itself. */
  readonly #split = new Map<number, readonly number[]>();
  /** (id of an n-gram's first n-1 words, id of its last word) to its id; ids tell orders apart. */
  readonly #extensions: PairIndex;
  #size = 0;
  /** By id, where the n-gram stands in the caption being counted. Stale entries are told by comparing ids. */
  #slots = new Int32Array(1024);
  /** Arrays that counts are cut from, and how much of them is. */
  #piece: NGramArrays = { ids: new Int32Array(0), counts: new Int32Array(0) };
  #used = 0;
  /** Of the caption being counted: its 1-grams, and the n-grams that begin at each word. */
  #unigrams = new Int32Array(64);
  #prefixes = new Int32Array(64);
  #length = 0;

  /** @param expected how many n-grams there may be: a guess saves time */
  constructor(words: WordTable = new WordTable(), expected = 0) {
    this.#words = words;
    this.#extensions = new PairIndex(expected);
  }

  /** Numbers given so far; ids run from 0 to `size - 1`. */
  get size(): number {
    return this.#size;
  }

  /** The n-grams of words joined by spaces. */
  count(text: string): NGramCounts {
    return this.countWords(Int32Array.from(splitWords(text), (word) => this.#words.number(word)));
  }

  /** @param words numbers of the table of words given; one that holds white space counts as several, or none */
  countWords(words: Int32Array): NGramCounts {
    return this.countPiece(words, 0, words.length);
  }

  /** `countWords(words.subarray(start, end))` */
  countPiece(words: Int32Array, start: number, end: number): NGramCounts {
    this.#length = 0;
    for (let at = start; at < end; at++) this.#addUnigrams(words[at]!);
    return this.#count();
  }

  #count(): NGramCounts {
    const length = this.#length;
    const unigrams = this.#unigrams;
    const prefixes = this.#prefixes;
    for (let start = 0; start < length; start++) prefixes[start] = unigrams[start]!;
    this.#makeRoom(length * MAXIMUM_ORDER);
    const { ids, counts } = this.#piece;
    const base = this.#used;
    const ends: [number, number, number, number] = [0, 0, 0, 0];
    let used = 0;
    for (let order = 1; order <= MAXIMUM_ORDER; order++) {
      for (let start = 0; start + order <= length; start++) {
        let id = prefixes[start]!;
        if (order > 1) {
          id = this.#extend(id, unigrams[start + order - 1]!);
          prefixes[start] = id;
        }
        const slot = this.#slots[id]!;
        if (slot < used && ids[base + slot] === id) {
          counts[base + slot]!++;
        } else {
          this.#slots[id] = used;
          ids[base + used] = id;
          counts[base + used] = 1;
          used++;
        }
      }
      ends[order - 1] = used;
    }
    this.#used = base + used;
    return {
      length,
      ids: ids.subarray(base, this.#used),
      counts: counts.subarray(base, this.#used),
      ends,
    };
  }

  /** So that `wanted` more n-grams fit into the arrays that counts are cut from. */
  #makeRoom(wanted: number): void {
    if (this.#used + wanted <= this.#piece.ids.length) return;
    const length = Math.max(wanted, PIECE);
    this.#piece = { ids: new Int32Array(length), counts: new Int32Array(length) };
    this.#used = 0;
  }

  #addUnigrams(word: number): void {
    const known = word < this.#unigramIds.length ? this.#unigramIds[word]! : UNKNOWN;
    if (known !== UNKNOWN) {
      this.#push(known);
      return;
    }
    const parts = this.#split.get(word) ?? this.#splitWord(word);
    if (parts.length === 1 && parts[0] === word) this.#push(this.#addUnigram(word));
    else for (const part of parts) this.#addUnigrams(part);
  }

  #push(unigram: number): void {
    if (this.#length === this.#unigrams.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#unigrams);
      this.#unigrams = grown;
      this.#prefixes = new Int32Array(this.#length * 2);
    }
    this.#unigrams[this.#length++] = unigram;
  }

  #splitWord(word: number): readonly number[] {
    const parts = splitWords(this.#words.word(word)).map((part) => this.#words.number(part));
    if (parts.length !== 1 || parts[0] !== word) this.#split.set(word, parts);
    return parts;
  }

  #addUnigram(word: number): number {
    if (word >= this.#unigramIds.length) {
      const grown = new Int32Array(Math.max(word + 1, this.#unigramIds.length * 2)).fill(UNKNOWN);
      grown.set(this.#unigramIds);
      this.#unigramIds = grown;
    }
    this.#unigramIds[word] = this.#nextId();
    return this.#unigramIds[word]!;
  }

  #extend(prefix: number, word: number): number {
    const id = this.#extensions.findOrAdd(prefix, word, this.#size);
    if (id === this.#size) this.#nextId();
    return id;
  }

  #nextId(): number {
    if (this.#size === this.#slots.length) {
      const grown = new Int32Array(this.#size * 2);
      grown.set(this.#slots);
      this.#slots = grown;
    }
    return this.#size++;
  }
}
