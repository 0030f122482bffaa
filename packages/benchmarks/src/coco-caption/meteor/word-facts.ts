import type { WordTable } from '../word-table.js';
import type { MeteorResources } from './resources.js';
import { stemWord } from './stem-word.js';
import { Synonyms } from './synonyms.js';

/** Bits of which each set of synonyms has one, to tell most words apart without comparing their sets. */
const BITS = 31;

/** What the modules know of each word of a table, by its number. */
export class WordFacts {
  readonly isFunction: Uint8Array;
  /** Numbers of stems. */
  readonly stems: Int32Array;
  /** A bit of each of a word's sets: words that have none in common are no synonyms. */
  readonly bits: Int32Array;
  readonly #sets: readonly Int32Array[];

  constructor(table: WordTable, resources: MeteorResources) {
    const size = table.size;
    const synonyms = new Synonyms(resources);
    const stemNumbers = new Map<string, number>();
    this.isFunction = new Uint8Array(size);
    this.stems = new Int32Array(size);
    this.bits = new Int32Array(size);
    const sets: Int32Array[] = [];
    for (let number = 0; number < size; number++) {
      const word = table.word(number);
      if (resources.functionWords.has(word)) this.isFunction[number] = 1;
      const stem = stemWord(word);
      let stemNumber = stemNumbers.get(stem);
      if (stemNumber === undefined) {
        stemNumber = stemNumbers.size;
        stemNumbers.set(stem, stemNumber);
      }
      this.stems[number] = stemNumber;
      const own = synonyms.sets(word);
      for (const set of own) this.bits[number]! |= 1 << (set % BITS);
      sets.push(own);
    }
    this.#sets = sets;
  }

  /** Whether two words share a set of synonyms. */
  areSynonyms(left: number, right: number): boolean {
    const sets = this.#sets[left]!;
    const others = this.#sets[right]!;
    for (let at = 0, other = 0; at < sets.length && other < others.length; ) {
      const difference = sets[at]! - others[other]!;
      if (difference === 0) return true;
      if (difference < 0) at++;
      else other++;
    }
    return false;
  }
}
