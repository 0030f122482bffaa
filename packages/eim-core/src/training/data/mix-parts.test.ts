import type { DatasetMixture } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixParts } from './mix-parts.js';

const random = createRandomStream(4);
/** Parts of these sizes and weights, one behind the other. */
function mixture(order: DatasetMixture['order'], sizes: readonly number[], weights: readonly number[]) {
  let start = 0;
  const parts = sizes.map((count, index) => {
    start += count;
    return { name: `part ${index}`, start: start - count, count, weight: weights[index]! };
  });
  return { order, parts } as const;
}
const partOf = ({ parts }: DatasetMixture, row: number) =>
  parts.findIndex(({ start, count }) => row >= start && row < start + count);

describe('mixParts, mixed', () => {
  it('keeps the weights within one draw from the start, and within two over any window', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 60 }), fc.nat(60), (shares, length, from) => {
        const mixed = mixture('mixed', [5, 20, 3], shares);
        const total = shares.reduce((sum, share) => sum + share, 0);
        const parts = { ...mixed, parts: mixed.parts.slice(0, shares.length) };
        const drawn = (start: number) =>
          mixParts(parts, start, length, random).map((row) => partOf(parts, row));
        for (const [index, share] of shares.entries()) {
          const count = (rows: readonly number[]) => rows.filter((part) => part === index).length;
          const wanted = (length * share) / total;
          expect(Math.abs(count(drawn(0)) - wanted)).toBeLessThanOrEqual(1);
          expect(Math.abs(count(drawn(from)) - wanted)).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('goes through each part once before any of its rows comes a second time, in another order', () => {
    const mixed = mixture('mixed', [4, 30], [1, 1]);
    const small = mixParts(mixed, 0, 34, random).filter((row) => row < 4);
    expect(small).toHaveLength(17);
    const rounds = [small.slice(0, 4), small.slice(4, 8), small.slice(8, 12), small.slice(12, 16)];
    for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3]);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
  });

  it('draws the same from anywhere, and leaves out parts without rows', () => {
    const mixed = mixture('mixed', [4, 0, 9], [3, 5, 1]);
    const whole = mixParts(mixed, 0, 60, random);
    expect(mixParts(mixed, 25, 35, random)).toEqual(whole.slice(25));
    expect(new Set(whole.map((row) => partOf(mixed, row)))).toEqual(new Set([0, 2]));
  });
});

describe('mixParts, in order', () => {
  it('goes through one part after the other, each shuffled anew in every epoch', () => {
    const ordered = mixture('in-order', [6, 4, 8], [1, 9, 1]);
    const [first, second] = [mixParts(ordered, 0, 18, random), mixParts(ordered, 18, 18, random)];
    for (const epoch of [first, second]) {
      expect(epoch.map((row) => partOf(ordered, row))).toEqual([
        ...new Array(6).fill(0),
        ...new Array(4).fill(1),
        ...new Array(8).fill(2),
      ]);
      expect(new Set(epoch).size).toBe(18);
    }
    expect(first).not.toEqual(second);
  });
});
