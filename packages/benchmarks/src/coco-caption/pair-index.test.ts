import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairIndex } from './pair-index.js';

test('finds what was added, through many doublings, as a Map does', () => {
  const pair = fc.tuple(fc.nat({ max: 200 }), fc.nat());
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, size: '+2' }), (pairs) => {
      const index = new PairIndex();
      const known = new Map<string, number>();
      for (const [place, [first, second]] of pairs.entries()) {
        const key = `${first},${second}`;
        if (!known.has(key)) known.set(key, place);
        expect(index.findOrAdd(first, second, place)).toBe(known.get(key));
      }
    }),
    { numRuns: 50 },
  );
  const large = new PairIndex();
  for (let value = 0; value < 20_000; value++) large.findOrAdd(value % 100, value, value);
  for (let value = 0; value < 20_000; value += 7) expect(large.findOrAdd(value % 100, value, -1)).toBe(value);
});
