import { PairIndex } from './pair-index.js';
import { splitWords } from './split-words.js';

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

/** Gives n-grams numbers, so that counting and comparing captions needs no strings. */
export class NGramTable {
  readonly #words = new Map<string, number>();
  /** (id of an n-gram's first n-1 words, id of its last word) to its id; ids tell orders apart. */
  readonly #extensions = new PairIndex();
  #size = 0;
  /** By id, where the n-gram stands in the caption being counted. Stale entries are told by comparing ids. */
  #slots = new Int32Array(1024);

  /** Numbers given so far; ids run from 0 to `size - 1`. */
  get size(): number {
    return this.#size;
  }

  count(text: string): NGramCounts {
    const words = splitWords(text);
    const length = words.length;
    const wordIds = words.map((word) => this.#wordId(word));
    const ids: number[] = [];
    const counts: number[] = [];
    const ends: number[] = [];
    const prefixes = wordIds.slice();
    for (let order = 1; order <= MAXIMUM_ORDER; order++) {
      for (let start = 0; start + order <= length; start++) {
        if (order > 1) {
          prefixes[start] = this.#extend(prefixes[start]!, wordIds[start + order - 1]!);
        }
        this.#add(prefixes[start]!, ids, counts);
      }
      ends.push(ids.length);
    }
    return {
      length,
      ids: new Int32Array(ids),
      counts: new Int32Array(counts),
      ends: ends as [number, number, number, number],
    };
  }

  #add(id: number, ids: number[], counts: number[]): void {
    const slot = this.#slots[id]!;
    if (slot < ids.length && ids[slot] === id) {
      counts[slot]!++;
      return;
    }
    this.#slots[id] = ids.length;
    ids.push(id);
    counts.push(1);
  }

  #wordId(word: string): number {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const id = this.#nextId();
    this.#words.set(word, id);
    return id;
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
