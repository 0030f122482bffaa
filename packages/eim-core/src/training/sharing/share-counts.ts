import { tensor2d } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from './training-group.js';

/** Digits of a count, of 16 bits each: sums of up to 256 of them are exact in float32. */
const DIGITS = 4;
const BASE = 2 ** 16;

/** Sums of whole numbers below 2^53 over all processes, exact. */
export async function shareCounts(
  group: Pick<TrainingGroup, 'sum'>,
  counts: readonly number[],
): Promise<number[]> {
  if (counts.length === 0) return [];
  const digits = counts.map((count) =>
    Array.from({ length: DIGITS }, (_, place) => Math.floor(count / BASE ** place) % BASE),
  );
  const own = tensor2d(digits); // [C, 4]
  const all = await group.sum(own).finally(() => own.dispose());
  const sums = await all.data();
  all.dispose();
  return counts.map((_, index) =>
    Array.from({ length: DIGITS }, (_, place) => sums[index * DIGITS + place]! * BASE ** place).reduce(
      (total, part) => total + part,
      0,
    ),
  );
}
