const ALIASING = new Set(['Reshape', 'Identity', 'ExpandDims', 'Squeeze']);

/**
 * Which operations of a graph have to wait for which, so that a variable is read and written in the order of the
 * program. An update also waits for whoever uses what was read: TensorFlow then updates in place instead of
 * copying the variable first.
 */
export class ResourceOrder {
  readonly #writers = new Map<number, number>();
  /** By variable: what read it since it was last written, and what uses what was read. */
  readonly #readers = new Map<number, Set<number>>();
  /** Operations whose result is a variable's own memory. */
  readonly #aliases = new Map<number, number>();

  /** Operations that a read has to wait for; to be called before `noteRead`. */
  beforeRead(variable: number): number[] {
    const writer = this.#writers.get(variable);
    return writer === undefined ? [] : [writer];
  }

  noteRead(variable: number, node: number): void {
    this.#aliases.set(node, variable);
    this.#readersOf(variable).add(node);
  }

  beforeWrite(variable: number): number[] {
    return [...this.beforeRead(variable), ...this.#readersOf(variable)];
  }

  noteWrite(variable: number, node: number): void {
    this.#writers.set(variable, node);
    this.#readers.delete(variable);
    for (const [alias, of] of this.#aliases) if (of === variable) this.#aliases.delete(alias);
  }

  /** Notes an operation by the operations whose results it takes. */
  noteUse(node: number, op: string, sources: readonly number[]): void {
    for (const source of sources) {
      const variable = this.#aliases.get(source);
      if (variable === undefined) continue;
      this.#readersOf(variable).add(node);
      if (ALIASING.has(op)) this.#aliases.set(node, variable);
    }
  }

  #readersOf(variable: number): Set<number> {
    const known = this.#readers.get(variable);
    if (known) return known;
    const readers = new Set<number>();
    this.#readers.set(variable, readers);
    return readers;
  }
}
