import type { Parametric } from '@eim/contracts/model';

/** The number of a part's blocks. For parts that do not state it (STs), the greatest depth, as nothing follows their blocks. */
export function blockCountOf(part: Parametric): number {
  return statedBlockCount(part) ?? Math.max(0, ...part.parameters().map(({ depth }) => depth));
}

/** The number of blocks that a part states; undefined for an ST. */
export function statedBlockCount(part: Parametric): number | undefined {
  const { blockCount } = part as { blockCount?: unknown };
  return typeof blockCount === 'number' ? blockCount : undefined;
}
