import { createRandomStream } from '@eim/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowOrder } from './row-order.js';

describe('RowOrder', () => {
  it('shows every row once an epoch and none twice in a batch, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        (a, b, seed) => {
          const [size, count] = [Math.min(a, b), Math.max(a, b)];
          const order = new RowOrder({ random: createRandomStream(seed), count });
          const batches = Array.from({ length: 2 * count }, () => order.take(size));
          for (const batch of batches) expect(new Set(batch).size).toBe(size);
          const shown = batches.flat();
          for (let epoch = 0; epoch < 2 * size; epoch += 1) {
            expect(new Set(shown.slice(epoch * count, (epoch + 1) * count)).size).toBe(count);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('goes on from its state as if it had never stopped', () => {
    const random = createRandomStream(3);
    const whole = new RowOrder({ random, count: 7 });
    const expected = Array.from({ length: 12 }, () => whole.take(3));
    for (let cut = 0; cut < 12; cut += 1) {
      const first = new RowOrder({ random, count: 7 });
      for (let step = 0; step < cut; step += 1) first.take(3);
      const second = new RowOrder({ random, count: 7, state: JSON.parse(JSON.stringify(first.state)) });
      expect(Array.from({ length: 12 - cut }, () => second.take(3))).toEqual(expected.slice(cut));
    }
  });

  it('refuses batches larger than the split', () => {
    expect(() => new RowOrder({ random: createRandomStream(1), count: 4 }).take(5)).toThrow(
      /holds 4.*batchSize to 4/,
    );
  });

  it('keeps rows of a kind together in batches, as far as they go round', () => {
    // 13 rows of kind 0, 9 of kind 1: three and two whole batches of four, and what is left.
    const kindOf = (row: number) => (row < 13 ? 0 : 1);
    const order = new RowOrder({ random: createRandomStream(5), count: 22, kindOf });
    const firstEpoch = Array.from({ length: 5 }, () => order.take(4));
    const kinds = firstEpoch.map((batch) => new Set(batch.map(kindOf)));
    expect(kinds.map(({ size }) => size)).toEqual([1, 1, 1, 1, 1]);
    expect(kinds.filter((kind) => kind.has(0))).toHaveLength(3);
    const rest = order.take(4);
    expect(new Set([...firstEpoch.flat(), ...rest.slice(0, 2)]).size).toBe(22);
  });

  const sizes = fc.integer({ min: 1, max: 6 });

  it('shows every row once an epoch and goes on from anywhere, also with kinds and another batch size', () => {
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.integer({ min: 6, max: 30 }),
        fc.nat(20),
        fc.nat(9),
        (a, b, count, cut, seed) => {
          const kindOf = (row: number) => row % 3;
          const options = { random: createRandomStream(seed), count, kindOf };
          const takeAll = (order: RowOrder, from: number) =>
            Array.from({ length: 24 - from }, (_, step) => order.take(from + step < 12 ? a : b));
          const whole = takeAll(new RowOrder(options), 0);
          for (const batch of whole) expect(new Set(batch).size).toBe(batch.length);
          const shown = whole.flat();
          for (let start = 0; start + count <= shown.length; start += count)
            expect(new Set(shown.slice(start, start + count)).size).toBe(count);
          const before = new RowOrder(options);
          for (let step = 0; step < cut; step += 1) before.take(step < 12 ? a : b);
          const state = JSON.parse(JSON.stringify(before.state));
          expect(takeAll(new RowOrder({ ...options, state }), cut)).toEqual(whole.slice(cut));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on with whole batches of a kind after the batch size has changed', () => {
    const kindOf = (row: number) => (row < 40 ? 0 : 1);
    const order = new RowOrder({ random: createRandomStream(8), count: 80, kindOf });
    for (let step = 0; step < 3; step += 1) order.take(4);
    // The rest of this epoch is arranged for batches of four, the next for eight.
    while (order.state.epoch === 0) order.take(8);
    const mixed = Array.from({ length: 9 }, () => new Set(order.take(8).map(kindOf)).size);
    expect(mixed.filter((size) => size > 1).length).toBeLessThanOrEqual(1);
  });
});

describe('RowOrder of a mixture', () => {
  const random = createRandomStream(6);
  const parts = [
    { name: 'small', start: 0, count: 3, weight: 1 },
    { name: 'large', start: 3, count: 21, weight: 1 },
  ];
  const epochsOf = (order: RowOrder, size: number) => {
    const rows = Array.from({ length: (3 * 24) / size }, () => order.take(size)).flat();
    return [0, 1, 2].map((epoch) => rows.slice(epoch * 24, (epoch + 1) * 24));
  };

  it('keeps the weights in every epoch and near every batch, a small part coming round within one', () => {
    for (const size of [4, 9, 24]) {
      const order = new RowOrder({ random, count: 24, mixture: { order: 'mixed', parts } });
      const rows = epochsOf(order, size).flat();
      for (let start = 0; start + 8 <= rows.length; start += 1) {
        const small = rows.slice(start, start + 8).filter((row) => row < 3).length;
        expect(Math.abs(small - 4)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('keeps the parts in order, also where rows have kinds', () => {
    const kindOf = (row: number) => row % 2;
    for (const size of [2, 5]) {
      const mixture = { order: 'in-order', parts: [parts[1]!, parts[0]!] } as const;
      const reversed = {
        ...mixture,
        parts: mixture.parts.map((part, index) => ({ ...part, start: index * 21 })),
      };
      const order = new RowOrder({ random, count: 24, kindOf, mixture: reversed });
      const rows = Array.from({ length: Math.floor(48 / size) }, () => order.take(size)).flat();
      expect(rows.slice(0, 24).map((row) => row >= 21)).toEqual([
        ...new Array(21).fill(false),
        ...new Array(3).fill(true),
      ]);
      expect(new Set(rows.slice(0, 24)).size).toBe(24);
      expect(rows.slice(24, 45).every((row) => row < 21)).toBe(true);
    }
  });

  it('has whole batches of one kind within the parts that are kept in order', () => {
    const kindOf = (row: number) => (row % 3 === 0 ? 0 : 1);
    const ordered = [
      { name: 'first', start: 0, count: 30, weight: 1 },
      { name: 'second', start: 30, count: 30, weight: 1 },
    ];
    const order = new RowOrder({ random, count: 60, kindOf, mixture: { order: 'in-order', parts: ordered } });
    const mixed = Array.from({ length: 12 }, () => new Set(order.take(5).map(kindOf)).size);
    // Each part has 10 rows of one kind and 20 of the other.
    expect(mixed.filter((size) => size > 1)).toEqual([]);
  });
});
