/**
 * As Python's `'{:.2f}'.format` rounds: exactly, and halves to even. Only odd multiples of 1/8 lie halfway
 * between two hundredths; `toFixed` rounds those up.
 */
export function toTwoDecimals(value: number): number {
  const isHalfway = Math.abs(value * 8) % 2 === 1;
  if (!isHalfway) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}
