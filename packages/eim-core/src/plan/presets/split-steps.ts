/**
 * Divides whole steps by shares. The last name gets the rest, and each gets at least one.
 * @param shares the shares of all names but the last
 * @returns undefined if there are too few steps
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
