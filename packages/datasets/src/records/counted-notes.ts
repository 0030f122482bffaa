/** Counts harmless things that were left out or assumed, by kind, and where the first of each was. */
export class CountedNotes {
  private readonly kinds = new Map<string, { count: number; first: string }>();

  /** @param kind a clause that fits after a number: `empty captions left out` */
  add(kind: string, where: string): void {
    const known = this.kinds.get(kind);
    if (known) known.count++;
    else this.kinds.set(kind, { count: 1, first: where });
  }

  /** One line a kind: `3 empty captions left out, the first at annotations[7]`. */
  lines(): string[] {
    return [...this.kinds].map(([kind, { count, first }]) => `${count} ${kind}, the first at ${first}`);
  }
}
