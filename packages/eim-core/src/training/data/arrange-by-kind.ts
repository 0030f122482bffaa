import type { RandomStream } from '@eim/contracts/model';

export interface ArrangeOptions {
  readonly kindOf: (row: number) => number;
  /** Rows of a batch. */
  readonly size: number;
  /** Rows at the start that belong to a batch begun before, and stay where they are. */
  readonly first: number;
  readonly random: RandomStream;
}

/**
 * A shuffled order with the rows of a batch of one kind: in its order each kind's rows are cut into whole batches, these are
 * shuffled, and what is left of every kind makes the last, mixed ones.
 */
export function arrangeByKind(
  order: readonly number[],
  { kindOf, size, first, random }: ArrangeOptions,
): number[] {
  const byKind = new Map<number, number[]>();
  for (const row of order.slice(first)) {
    const kind = kindOf(row);
    const rows = byKind.get(kind) ?? [];
    rows.push(row);
    byKind.set(kind, rows);
  }
  const whole: number[][] = [];
  const left: number[] = [];
  for (const [, rows] of [...byKind].sort(([a], [b]) => a - b)) {
    const end = rows.length - (rows.length % size);
    for (let start = 0; start < end; start += size) whole.push(rows.slice(start, start + size));
    left.push(...rows.slice(end));
  }
  return [...order.slice(0, first), ...random.shuffle(whole).flat(), ...left];
}
