/** Counts harmless things that are left out, by kind, and where the first of each was. */
export class LeftOut {
  private readonly kinds = new Map<string, { count: number; first: string }>();

  add(kind: string, where: string): void {
    const known = this.kinds.get(kind);
    if (known) known.count++;
    else this.kinds.set(kind, { count: 1, first: where });
  }

  /** One line a kind: `3 empty captions left out, the first at annotations[7]`. */
  notes(): string[] {
    return [...this.kinds].map(
      ([kind, { count, first }]) => `${count} ${kind} left out, the first at ${first}`,
    );
  }
}
