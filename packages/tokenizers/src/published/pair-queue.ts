/** Two neighbours that may be merged. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  readonly score: number;
  /** Length of both together, by which a pair is known to be outdated. */
  readonly length: number;
}

/** A binary heap: the highest score first, and of equal ones the leftmost. */
export class PairQueue {
  private readonly heap: Pair[] = [];

  push(pair: Pair): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(pair);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(pair, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = pair;
  }

  pop(): Pair | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function before(a: Pair, b: Pair): boolean {
  return a.score > b.score || (a.score === b.score && a.left < b.left);
}
