import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { sampleMean, sampleStandardDeviation } from './sample-mean.js';
import { seededBootstrap } from './seeded-bootstrap.js';

/** Gives the numbers of a list in turn, over and over. */
const listed = (numbers: readonly number[]) => {
  let at = 0;
  return { integer: (bound: number) => numbers[at++ % numbers.length]! % bound };
};

test('a resample takes both scores of each drawn seed and picture', () => {
  // Differences by seed: [1, 2] and [3, 4]. The draws: seeds 1, 1, pictures 0, 0; then seeds 0, 0, pictures 1, 1.
  const request = {
    left: [
      [1, 2],
      [3, 4],
    ],
    right: [
      [0, 0],
      [0, 0],
    ],
  };
  const result = seededBootstrap({ ...request, resamples: 2, random: listed([1, 1, 0, 0, 0, 0, 1, 1]) });
  expect(result.difference).toBe(2.5);
  expect(result.interval).toEqual([2, 3]); // 4 * 2 / 4, and 4 * 3 / 4
  expect(result.oneSided).toBeCloseTo(1 / 3, 12); // no resample at or below 0: (0 + 1) / (2 + 1)
});

test('the other system counts as often as asked', () => {
  const request = { left: [[1.2, 1.2]], right: [[1, 1]], resamples: 10, random: listed([0, 1, 0]) };
  expect(seededBootstrap({ ...request, times: 1 }).difference).toBeCloseTo(0.2, 12);
  expect(seededBootstrap({ ...request, times: 1.25 }).difference).toBeCloseTo(-0.05, 12);
  expect(seededBootstrap({ ...request, times: 1.25 }).oneSided).toBe(1);
});

test('a system that wins with one seed of three only is not called better', () => {
  let state = 7;
  const random = {
    integer: (bound: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % bound;
    },
  };
  const right = [0, 1, 2].map(() => new Array<number>(50).fill(0));
  const lucky = [new Array<number>(50).fill(1), ...right.slice(1).map((row) => row.map(() => -0.1))];
  const result = seededBootstrap({ left: lucky, right, random, resamples: 2_000 });
  expect(result.difference).toBeCloseTo(0.8 / 3, 12);
  // No draw of the first seed in three: (2/3)^3 = 0.296.
  expect(result.oneSided).toBeGreaterThan(0.26);
  expect(result.oneSided).toBeLessThan(0.34);
});

test('scores of other seeds or pictures are refused', () => {
  const random = listed([0]);
  expect(() => seededBootstrap({ left: [[1]], right: [[1], [2]], random })).toThrow(EimError);
  expect(() =>
    seededBootstrap({
      left: [[1, 2], [1]],
      right: [
        [1, 2],
        [1, 2],
      ],
      random,
    }),
  ).toThrow(EimError);
  expect(() => seededBootstrap({ left: [], right: [], random })).toThrow(EimError);
});

test('mean and sample standard deviation', () => {
  expect(sampleMean([1, 2, 6])).toBe(3);
  expect(sampleStandardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
  expect(sampleStandardDeviation([4])).toBeUndefined();
});
