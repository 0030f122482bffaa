/** As the 32-bit integer that hashes are stored as. */
const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const EMPTY = -1;
/** What turns an ASCII capital into its small letter, and leaves the small one. */
const SMALL = 0x20;
const AS_IT_IS = 0;

/**
 * Gives words numbers, from 0 on in the order of first sight. A `Map` of strings would do; this one also numbers a
 * piece of a text without making a string of it, which is most of the work on captions.
 */
export class WordTable {
  readonly #words: string[] = [];
  #hashes = new Int32Array(1 << 12);
  /** Open addressing; at most half full. */
  #slots = new Int32Array(1 << 13).fill(EMPTY);

  /** Numbers given so far. */
  get size(): number {
    return this.#words.length;
  }

  /** @param id below `size` */
  word(id: number): string {
    return this.#words[id]!;
  }

  /** The word's number, given now where it has none. */
  number(word: string): number {
    return this.numberPiece(word, 0, word.length);
  }

  /** The word's number; -1 where it has none. */
  find(word: string): number {
    const id =
      this.#slots[this.#locate(word, 0, word.length, AS_IT_IS, hashOf(word, 0, word.length, AS_IT_IS))]!;
    return id === EMPTY ? -1 : id;
  }

  /** `number(text.slice(start, end))` without making the string where it is known. */
  numberPiece(text: string, start: number, end: number): number {
    return this.#numberPiece(text, start, end, AS_IT_IS);
  }

  /** `number(text.slice(start, end).toLowerCase())` of ASCII letters. */
  numberLetters(text: string, start: number, end: number): number {
    return this.#numberPiece(text, start, end, SMALL);
  }

  #numberPiece(text: string, start: number, end: number, fold: number): number {
    const hash = hashOf(text, start, end, fold);
    const slot = this.#locate(text, start, end, fold, hash);
    const id = this.#slots[slot]!;
    if (id !== EMPTY) return id;
    const word = text.slice(start, end);
    return this.#add(fold === SMALL ? word.toLowerCase() : word, hash, slot);
  }

  /** Where the word's number stands, or would. */
  #locate(text: string, start: number, end: number, fold: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = place(hash, mask); ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!;
      if (id === EMPTY) return slot;
      if (this.#hashes[id] === hash && isPiece(this.#words[id]!, text, start, end, fold)) return slot;
    }
  }

  #add(word: string, hash: number, slot: number): number {
    const id = this.#words.length;
    this.#words.push(word);
    if (id === this.#hashes.length) {
      const grown = new Int32Array(id * 2);
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    this.#hashes[id] = hash;
    this.#slots[slot] = id;
    if (this.#words.length * 2 > this.#slots.length) this.#grow();
    return id;
  }

  #grow(): void {
    const mask = this.#slots.length * 2 - 1;
    this.#slots = new Int32Array(mask + 1).fill(EMPTY);
    for (let id = 0; id < this.#words.length; id++) {
      let slot = place(this.#hashes[id]!, mask);
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}

function place(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}

function hashOf(text: string, start: number, end: number, fold: number): number {
  let hash = SEED;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (text.charCodeAt(at) | fold), PRIME);
  return hash;
}

function isPiece(word: string, text: string, start: number, end: number, fold: number): boolean {
  if (word.length !== end - start) return false;
  for (let at = start; at < end; at++) {
    if (word.charCodeAt(at - start) !== (text.charCodeAt(at) | fold)) return false;
  }
  return true;
}
