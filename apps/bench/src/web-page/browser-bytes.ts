import { readdirSync, readFileSync } from 'node:fs';

/**
 * Memory of all processes that this one started, directly or by others: their proportional set size, in which pages that several
 * share count once. Linux alone.
 */
export function browserBytes(): number {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const process = Number(entry);
    if (!Number.isInteger(process)) continue;
    const parent = /^PPid:\s+(\d+)$/m.exec(readOr(`/proc/${process}/status`));
    if (parent) parents.set(process, Number(parent[1]));
  }
  const isOurs = (id: number | undefined): boolean =>
    id !== undefined && (id === process.pid || isOurs(parents.get(id)));
  let bytes = 0;
  for (const [id, parent] of parents) {
    if (!isOurs(parent)) continue;
    const size = /^Pss:\s+(\d+) kB$/m.exec(readOr(`/proc/${id}/smaps_rollup`));
    bytes += 1024 * Number(size?.[1] ?? 0);
  }
  return bytes;
}

/** A process may end at any moment. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
