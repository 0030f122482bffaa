const EMPTY = -1;
/** The parent of phrases of one word. */
export const ROOT = -1;

/** The arrays of a trie. */
export interface TrieArrays {
  /**
   * Two numbers a node, side by side to be read together: the node of all its words but the last, -1 where it has one
   * word, and the number of its last word.
   */
  readonly nodes: Int32Array;
  /** Nodes by the hash of parent and word, open addressing; a power of two. */
  readonly slots: Int32Array;
}

/** Gives phrases numbers: each is a node, found from the node of its words but the last. */
export class PhraseTrie {
  #nodes: Int32Array;
  #slots: Int32Array;
  #size: number;

  constructor(arrays?: TrieArrays) {
    this.#nodes = arrays?.nodes ?? new Int32Array(1 << 11);
    this.#slots = arrays?.slots ?? new Int32Array(1 << 11).fill(EMPTY);
    this.#size = (arrays?.nodes.length ?? 0) / 2;
  }

  /** How many nodes there are; their numbers run from 0. */
  get size(): number {
    return this.#size;
  }

  get arrays(): TrieArrays {
    return {
      nodes: this.#nodes.subarray(0, this.#size * 2),
      slots: this.#slots,
    };
  }

  /** The node of a phrase with one word more; -1 where there is none. */
  child(parent: number, word: number): number {
    return this.#slots[this.#locate(parent, word)]!;
  }

  /** The same, made where there is none. */
  childOrNew(parent: number, word: number): number {
    const slot = this.#locate(parent, word);
    const known = this.#slots[slot]!;
    if (known !== EMPTY) return known;
    const node = this.#size++;
    if (node * 2 === this.#nodes.length) {
      const grown = new Int32Array(this.#nodes.length * 2);
      grown.set(this.#nodes);
      this.#nodes = grown;
    }
    this.#nodes[node * 2] = parent;
    this.#nodes[node * 2 + 1] = word;
    this.#slots[slot] = node;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return node;
  }

  #locate(parent: number, word: number): number {
    const slots = this.#slots;
    const nodes = this.#nodes;
    const mask = slots.length - 1;
    // Large odd multipliers spread consecutive numbers.
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(word, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = slots[slot]!;
      if (node === EMPTY || (nodes[node * 2] === parent && nodes[node * 2 + 1] === word)) return slot;
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    for (let node = 0; node < this.#size; node++) {
      this.#slots[this.#locate(this.#nodes[node * 2]!, this.#nodes[node * 2 + 1]!)] = node;
    }
  }
}
