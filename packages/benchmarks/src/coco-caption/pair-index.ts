/** Load at which the table doubles. */
const FULLEST = 0.75;
const EMPTY = -1;

/**
 * A map from pairs of non-negative integers to a non-negative integer, by open addressing: a `Map` keyed by
 * one number for both is half as fast, as such numbers do not fit the small integers of V8.
 */
export class PairIndex {
  #size = 0;
  #capacity: number;
  /** First, second and value of each place, one after the other; first is -1 where the place is free. */
  #places: Int32Array;

  /** @param expected how many pairs there may be: a guess saves time */
  constructor(expected = 0) {
    this.#capacity = 1 << 12;
    while (this.#capacity * FULLEST < expected) this.#capacity *= 2;
    this.#places = new Int32Array(this.#capacity * 3).fill(EMPTY);
  }

  /** The value of a pair; `fresh` becomes the value where the pair is new. */
  findOrAdd(first: number, second: number, fresh: number): number {
    const at = this.#locate(first, second);
    if (this.#places[at] !== EMPTY) return this.#places[at + 2]!;
    this.#places[at] = first;
    this.#places[at + 1] = second;
    this.#places[at + 2] = fresh;
    this.#size++;
    if (this.#size > this.#capacity * FULLEST) this.#grow();
    return fresh;
  }

  #locate(first: number, second: number): number {
    const places = this.#places;
    const mask = this.#capacity - 1;
    // Large odd multipliers spread consecutive numbers.
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const at = place * 3;
      if (places[at] === EMPTY || (places[at] === first && places[at + 1] === second)) return at;
    }
  }

  #grow(): void {
    const old = this.#places;
    this.#capacity *= 2;
    this.#places = new Int32Array(this.#capacity * 3).fill(EMPTY);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] === EMPTY) continue;
      this.#places.set(old.subarray(at, at + 3), this.#locate(old[at]!, old[at + 1]!));
    }
  }
}
