/** Integers in the order in which they are added. */
export class NumberList {
  #values: Int32Array;
  #length = 0;

  constructor(capacity = 1 << 10) {
    this.#values = new Int32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** Those added so far; not a copy. */
  values(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}
