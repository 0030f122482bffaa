/** Moving average over a centred window, narrower at the ends. */
export function smooth(values: readonly number[], window: number): number[] {
  const half = Math.floor(window / 2);
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1)! + value);
  return values.map((_, index) => {
    const reach = Math.min(half, index, values.length - 1 - index);
    return (sums[index + reach + 1]! - sums[index - reach]!) / (2 * reach + 1);
  });
}
