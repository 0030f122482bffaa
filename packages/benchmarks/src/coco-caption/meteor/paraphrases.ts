import { WordTable } from '../word-table.js';
import { PhraseTrie, ROOT, type TrieArrays } from './phrase-trie.js';

/** All that a table of paraphrases consists of: flat, to be kept in a file. */
export interface ParaphraseArrays extends TrieArrays {
  /** Words in the order of their numbers, each with a line feed after it. */
  readonly wordList: string;
  /** By node: where its paraphrases begin in `others`; one more for the end of the last. */
  readonly listStarts: Int32Array;
  /** Nodes of paraphrases, in the order of the table. */
  readonly others: Int32Array;
}

/** Directed pairs of phrases, the second of which may stand for the first. */
export class Paraphrases {
  readonly trie: PhraseTrie;
  readonly #words: WordTable;
  readonly #listStarts: Int32Array;
  readonly #others: Int32Array;

  constructor(readonly arrays: ParaphraseArrays) {
    this.trie = new PhraseTrie(arrays);
    this.#words = new WordTable();
    const { wordList } = arrays;
    for (let start = 0; start < wordList.length; ) {
      const end = wordList.indexOf('\n', start);
      this.#words.numberPiece(wordList, start, end);
      start = end + 1;
    }
    this.#listStarts = arrays.listStarts;
    this.#others = arrays.others;
  }

  /** The word's number in the table; -1 where no phrase has it. */
  word(word: string): number {
    return this.#words.find(word);
  }

  /** The node of a phrase, words joined by single spaces; -1 where the table has none that begins so. */
  node(phrase: string): number {
    let node = ROOT;
    for (const word of phrase.split(' ')) {
      const number = this.word(word);
      node = number < 0 ? -1 : this.trie.child(node, number);
      if (node < 0) return -1;
    }
    return node;
  }

  /** Nodes of the phrases that may stand for this one; not a copy. */
  of(node: number): Int32Array {
    return this.#others.subarray(this.#listStarts[node], this.#listStarts[node + 1]);
  }
}
