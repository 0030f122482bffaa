import { gather, type Tensor1D, tensor1d, unsortedSegmentSum } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startEngine } from '../../start/start-engine.js';
import { drawn } from '../../testing/drawn.js';
import { expectSameOnWasm } from '../../testing/expect-same-on-wasm.js';

describe('GatherV2 and UnsortedSegmentSum on wasm equal cpu', () => {
  test('on random tables, forward and backward', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
        (rowShape, rows, draws) => {
          const values = draws.map((draw) => draw % rows);
          const ids = { shape: [values.length], values, dtype: 'int32' as const };
          return expectSameOnWasm(
            (table, indices) => gather(table!, indices!),
            [{ shape: [rows, ...rowShape] }, ids],
          );
        },
      ),
      { numRuns: 40, seed: 3 },
    );
  });

  test('indices with two axes, and a gather along another axis', async () => {
    const values = [2, 0, 1, 2, 2, 1];
    const ids = { shape: [2, 3], values, dtype: 'int32' as const };
    await expectSameOnWasm((table, indices) => gather(table!, indices!), [{ shape: [3, 4] }, ids], {
      backward: false,
    });
    const row = { shape: [3], values: [2, 0, 2], dtype: 'int32' as const };
    await expectSameOnWasm((table, indices) => gather(table!, indices!, 1), [{ shape: [2, 3, 4] }, row]);
  });

  test('no index at all', async () => {
    await startEngine({ engine: 'wasm' });
    const none = tensor1d([], 'int32');
    expect(gather(drawn([3, 2]), none).shape).toEqual([0, 2]);
    expect([...unsortedSegmentSum(drawn([0, 2]), none, 2).dataSync()]).toEqual([0, 0, 0, 0]);
  });

  test('sums leave out rows whose segment is out of range', async () => {
    await expectSameOnWasm(
      (x, ids) => unsortedSegmentSum(x!, ids as Tensor1D, 3),
      [{ shape: [5, 2] }, { shape: [5], values: [0, 2, 7, -1, 0], dtype: 'int32' }],
      { backward: false },
    );
  });

  test('an index outside the table is an error, not a read of other memory', async () => {
    await startEngine({ engine: 'wasm' });
    expect(() => gather(drawn([3, 2]), tensor1d([3], 'int32'))).toThrow('index 3 is outside 0..2');
  });
});
