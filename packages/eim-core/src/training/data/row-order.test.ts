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
});
