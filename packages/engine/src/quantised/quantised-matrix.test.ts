import { grad, memory, mul, sum, type Tensor1D, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import '../index.js';
import { embedding } from '../ops/embedding.js';
import { linear } from '../ops/linear.js';
import {
  FIXTURE_FORMATS,
  type FixtureRows,
  fixtureMatrix,
  fixtureRows,
} from '../testing/blocks-of-fixture.js';
import { drawn } from '../testing/drawn.js';
import { startTested, testedEngines } from '../testing/tested-engines.js';

/** `left right^T` in double precision, and the sum of the products' magnitudes: rounding is relative to it. */
function product64(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  inner: number,
  rightRow: number,
  rightInner: number,
) {
  const [rows, columns] = [left.length / inner, right.length / inner];
  const values = new Float64Array(rows * columns);
  const sizes = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let k = 0; k < inner; k++) {
        const term = left[row * inner + k]! * right[column * rightRow + k * rightInner]!;
        values[row * columns + column]! += term;
        sizes[row * columns + column]! += Math.abs(term);
      }
  return { values, sizes };
}

function expectNear(actual: ArrayLike<number>, { values, sizes }: ReturnType<typeof product64>): void {
  expect(actual.length).toBe(values.length);
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(actual[i]! - values[i]!);
    if (!(error <= 2e-6 * sizes[i]! + 1e-12))
      throw new Error(`${actual[i]} at ${i}, where ${values[i]} is right`);
  }
}

for (const { engine, skipped } of testedEngines()) {
  describe.skipIf(skipped)(
    `matrices in blocks on ${engine}${skipped ? ` (skipped: ${skipped})` : ''}`,
    () => {
      test.each(FIXTURE_FORMATS)(
        '%s: product, gradient and rows are those of the values that gguf-py gives',
        async (format) => {
          await startTested(engine);
          const columns = 768;
          for (const [rows, counts] of [
            [13, [0, 1, 2, 3, 4, 7, 33, 70]],
            [1, [1, 5]],
            [150, [1, 20]],
          ] as const) {
            const stored = fixtureRows(format, rows, columns);
            const matrix = await fixtureMatrix(columns, stored);
            expect(await matrix.values()).toEqual(stored.values);
            expect(matrix).toMatchObject({ rows, columns, format });
            for (const count of counts) {
              const x = drawn([count, columns], 'x') as Tensor2D;
              const dy = drawn([count, rows], 'dy') as Tensor2D;
              const [xs, dys] = [await x.data(), await dy.data()];
              const y = linear(x, matrix);
              expect(y.shape).toEqual([count, rows]);
              if (count > 0) expectNear(await y.data(), product64(xs, stored.values, columns, columns, 1));
              const dx = grad((given) => sum(mul(linear(given as Tensor2D, matrix), dy)))(x);
              if (count > 0) expectNear(await dx.data(), product64(dys, stored.values, rows, 1, columns));
            }
            matrix.dispose();
          }
        },
      );

      test.each(FIXTURE_FORMATS)('%s: rows by index', async (format) => {
        await startTested(engine);
        const stored = fixtureRows(format, 9, 512);
        const table = await fixtureMatrix(512, stored);
        const ids = tensor2d([8, 0, 3, 3], [2, 2], 'int32');
        const rows = embedding(table, ids);
        expect(rows.shape).toEqual([2, 2, 512]);
        const expected = [8, 0, 3, 3].flatMap((row) => [
          ...stored.values.subarray(row * 512, (row + 1) * 512),
        ]);
        expect([...(await rows.data())]).toEqual(expected);
        table.dispose();
      });

      test('rows of several formats, with a bias, and some rows of them', async () => {
        await startTested(engine);
        const parts = [fixtureRows('q4_k', 6, 256), fixtureRows('q6_k', 5, 256), fixtureRows('q6_k', 4, 256)];
        const before = memory().numTensors;
        const matrix = await fixtureMatrix(256, ...parts);
        expect(matrix).toMatchObject({ rows: 15, format: 'q4_k+q6_k', byteCount: 6 * 144 + 9 * 210 });
        const values = parts.flatMap((part) => [...part.values]);
        const x = drawn([2, 256], 'x') as Tensor2D;
        const bias = drawn([15], 'bias');
        const plain = await linear(x, matrix).data();
        const expected = product64(await x.data(), values, 256, 256, 1);
        expectNear(plain, expected);
        const added = await linear(x, matrix, bias as Tensor1D).data();
        const biases = await bias.data();
        for (const [index, value] of added.entries())
          expect(value).toBe(Math.fround(plain[index]! + biases[index % 15]!));
        const some = linear(x, matrix.slice(4, 8));
        expect(some.shape).toEqual([2, 8]);
        const someValues = await some.data();
        for (let row = 0; row < 2; row++)
          expect([...someValues.subarray(row * 8, row * 8 + 8)]).toEqual([
            ...plain.subarray(row * 15 + 4, row * 15 + 12),
          ]);
        const dx = grad((given) => sum(linear(given as Tensor2D, matrix)))(x);
        expectNear(await dx.data(), product64(new Float32Array(30).fill(1), values, 15, 1, 256));
        matrix.dispose();
        expect(memory().numTensors - before).toBe(6); // the tensors above
      });

      test('rows that are read straight into memory, between others that are not', async () => {
        await startTested(engine);
        const [first, second, third] = [4, 6, 5].map((rows) => fixtureRows('q4_0', rows, 64)) as [
          FixtureRows,
          FixtureRows,
          FixtureRows,
        ];
        let taken = 0;
        const straight = {
          ...second,
          // a file is read while other tensors are made
          readInto: async (target: Uint8Array) => {
            expect(target.length).toBe(6 * 36);
            const others = drawn([1024, 1024], 'others');
            await second.read((offset, bytes) => target.set(bytes, offset));
            others.dispose();
            taken++;
          },
        };
        const matrix = await fixtureMatrix(64, first, straight, third);
        const expected = [first, second, third].flatMap(({ values }) => [...values]);
        expect([...(await matrix.values())]).toEqual(expected);
        // a memory that may move is written piece by piece: threads share that of wasm here
        expect(taken).toBe(1);
        matrix.dispose();
      });

      test('shapes that do not fit and indices outside are named', async () => {
        await startTested(engine);
        const matrix = await fixtureMatrix(64, fixtureRows('q8_0', 3, 64));
        expect(() => linear(drawn([2, 32], 'x') as Tensor2D, matrix)).toThrow('linear: x has shape [2, 32]');
        expect(() => matrix.slice(2, 2)).toThrow('Rows 2 to 4 of a matrix of 3 rows');
        matrix.dispose();
      });
    },
  );
}
