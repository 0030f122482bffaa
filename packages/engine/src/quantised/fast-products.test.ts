import type { Tensor2D } from '@tensorflow/tfjs-core';
import { grad, sum, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import '../gradients.js';
import { linear } from '../ops/linear.js';
import { FIXTURE_FORMATS, fixtureRows } from '../testing/blocks-of-fixture.js';
import { drawn } from '../testing/drawn.js';
import { startTested, testedEngines } from '../testing/tested-engines.js';
import { hasFastKernel } from './block-format-numbers.js';
import { computesFast } from './compute-mode.js';
import { QuantisedMatrix } from './quantised-matrix.js';

const COLUMNS = 768;

/** The nearest whole number, the even one of two. */
function nearest(value: number): number {
  const down = Math.floor(value);
  if (value - down === 0.5) return down % 2 === 0 ? down : down + 1;
  return Math.round(value);
}

/** What activations are once each 32 of them have become bytes with a scale. */
function inBytes(x: Float32Array): Float32Array {
  const result = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += 32) {
    const group = x.subarray(at, at + 32);
    const peak = group.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const factor = Math.fround(127 / peak);
    for (let i = 0; i < 32; i++)
      result[at + i] = peak === 0 ? 0 : (nearest(Math.fround(group[i]! * factor)) * peak) / 127;
  }
  return result;
}

for (const { engine, skipped } of testedEngines().filter(
  ({ engine }) => engine === 'wasm' || engine === 'node',
)) {
  describe.skipIf(skipped)(`fast products on ${engine}${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
    test.each(FIXTURE_FORMATS)('%s: those of activations in bytes, and exact gradients', async (format) => {
      await startTested(engine);
      expect(computesFast()).toBe(true);
      const isExact = !hasFastKernel(format);
      for (const [rows, counts] of [
        [13, [0, 1, 2, 5, 33]],
        [1, [1, 4]],
      ] as const) {
        const stored = fixtureRows(format, rows, COLUMNS);
        const [fast, exact] = [
          await QuantisedMatrix.read(COLUMNS, [stored], 'fast'),
          await QuantisedMatrix.read(COLUMNS, [stored]),
        ];
        for (const count of counts) {
          const x = drawn([count, COLUMNS], 'x') as Tensor2D;
          const values = (await x.data()) as Float32Array;
          const bytes = isExact ? values : inBytes(values);
          const actual = await linear(x, fast).data();
          expect(actual.length).toBe(count * rows);
          for (let place = 0; place < actual.length; place++) {
            const [i, row] = [Math.floor(place / rows), place % rows];
            let [expected, size] = [0, 0];
            for (let k = 0; k < COLUMNS; k++) {
              const term = bytes[i * COLUMNS + k]! * stored.values[row * COLUMNS + k]!;
              expected += term;
              size += Math.abs(term);
            }
            // a block's minimum counts once by itself, so terms may be larger than their sum
            if (!(Math.abs(actual[place]! - expected) <= 2e-5 * size + 1e-9))
              throw new Error(`${actual[place]} at ${place}, where ${expected} is right`);
          }
          if (count === 0) continue;
          const gradientOf = (matrix: QuantisedMatrix) =>
            tidy(() => grad((given) => sum(linear(given as Tensor2D, matrix)))(x).dataSync());
          expect(gradientOf(fast)).toEqual(gradientOf(exact));
          const forward = (matrix: QuantisedMatrix) =>
            tidy(() => {
              let seen: ArrayLike<number> = [];
              grad((given) => {
                const y = linear(given as Tensor2D, matrix);
                seen = y.dataSync();
                return sum(y);
              })(x);
              return [...(seen as Float32Array)];
            });
          expect(forward(fast)).toEqual(forward(exact));
        }
        for (const matrix of [fast, exact]) matrix.dispose();
      }
    });
  });
}
