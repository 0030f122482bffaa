/** Bytes that pictures and features may hold in memory, shared by all that keep some. */
export class MemoryBudget {
  #used = 0;

  /** @param limit in bytes */
  constructor(readonly limit: number) {}

  get used(): number {
    return this.#used;
  }

  /** Takes bytes where they are left. @returns whether they were */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.limit) return false;
    this.#used += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}
