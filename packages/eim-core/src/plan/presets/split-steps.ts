/**
 * Whole steps by shares; the last name gets what the others leave, and nobody less than one.
 * @param shares of all but the last
 * @returns undefined where the steps do not go round
 */
export function splitSteps(
  steps: number,
  shares: ReadonlyMap<string, number>,
  last: string,
): ReadonlyMap<string, number> | undefined {
  const split = new Map<string, number>();
  let left = steps;
  for (const [name, share] of shares) {
    const part = Math.max(1, Math.round(steps * share));
    split.set(name, part);
    left -= part;
  }
  if (left < 1) return undefined;
  return split.set(last, left);
}
