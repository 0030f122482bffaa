import type { NamedArray } from '../optimizer/snapshot.js';

/**
 * Weights on the straight line between two snapshots of the same variables.
 * @param share 0 gives `start`, 1 gives `end`, both to the bit
 * @example
 * interpolateWeights(start, end, 0.5); // their mean
 */
export function interpolateWeights(
  start: readonly NamedArray[],
  end: readonly NamedArray[],
  share: number,
): readonly NamedArray[] {
  if (share === 0) return start;
  if (share === 1) return end;
  const byName = new Map(start.map(({ name, data }) => [name, data]));
  return end.map((last) => {
    const first = byName.get(last.name)!;
    const data = last.data.map((value, place) => first[place]! + share * (value - first[place]!));
    return { ...last, data };
  });
}
