/** Finds where ids stand in the last list marked, without a `Map`: a stale place is told by comparing ids. */
export class IdSlots {
  #slots: Int32Array<ArrayBuffer>;
  #marked: Int32Array = new Int32Array(0);

  /** @param size ids up to this are expected; greater ones are taken all the same */
  constructor(size = 1024) {
    this.#slots = new Int32Array(size);
  }

  /** @param ids each once */
  mark(ids: Int32Array): void {
    for (let place = 0; place < ids.length; place++) {
      const id = ids[place]!;
      if (id >= this.#slots.length) this.#grow(id + 1);
      this.#slots[id] = place;
    }
    this.#marked = ids;
  }

  /** Its place in the list marked last; -1 where it is not in it. */
  find(id: number): number {
    if (id >= this.#slots.length) return -1;
    const place = this.#slots[id]!;
    return place < this.#marked.length && this.#marked[place] === id ? place : -1;
  }

  #grow(size: number): void {
    const grown = new Int32Array(Math.max(size, this.#slots.length * 2));
    grown.set(this.#slots);
    this.#slots = grown;
  }
}
