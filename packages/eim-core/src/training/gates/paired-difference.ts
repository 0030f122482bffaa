import type { Direction } from '../../plan/measured-by-schema.js';

/** How a metric changed, picture by picture. */
export interface PairedDifference {
  /** Mean over pictures of how much better the metric got; below 0 where it got worse. */
  readonly gain: number;
  /** Standard error of that mean: the differences' standard deviation (n - 1) divided by the root of their number. */
  readonly standardError: number;
  /** Pictures, and rows without a picture, that were compared. */
  readonly count: number;
}

/**
 * Compares the values of the same pictures before and after.
 * @example
 * pairedDifference([1, 2, 3], [2, 2, 5], 'max'); // {gain: 1, standardError: 0.577..., count: 3}
 */
export function pairedDifference(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  direction: Direction,
): PairedDifference {
  const sign = direction === 'max' ? 1 : -1;
  const count = before.length;
  const gains = Array.from(before, (value, index) => sign * (after[index]! - value));
  const gain = gains.reduce((sum, one) => sum + one, 0) / count;
  const variance = gains.reduce((sum, one) => sum + (one - gain) ** 2, 0) / (count - 1);
  return { gain, standardError: Math.sqrt(variance / count), count };
}
