import { broadcastTo, matMul, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startEngine } from '../../start/start-engine.js';
import { drawn } from '../../testing/drawn.js';
import { expectSameOnWasm } from '../../testing/expect-same-on-wasm.js';

const swapped = (shape: number[], turn: boolean): number[] =>
  turn ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;

function product(batchA: number[], batchB: number[], sizes: number[], turnA: boolean, turnB: boolean) {
  const [rows, inner, columns] = sizes as [number, number, number];
  return expectSameOnWasm(
    (a, b) => matMul(a!, b!, turnA, turnB),
    [
      { shape: swapped([...batchA, rows, inner], turnA) },
      { shape: swapped([...batchB, inner, columns], turnB) },
    ],
    // Core's gradient of a product does not sum over batch axes that were broadcast.
    { backward: batchA.join() === batchB.join() },
  );
}

describe('BatchMatMul on wasm equals cpu', () => {
  test('on random shapes, every transposed form, forward and backward', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
        fc.tuple(size, size, size),
        fc.boolean(),
        fc.boolean(),
        (batch, sizes, turnA, turnB) => product(batch, batch, sizes, turnA, turnB),
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  const edges: [string, number[], number[], number[]][] = [
    ['a single value', [], [], [1, 1, 1]],
    ['a row by a column', [], [], [1, 257, 1]],
    ['a column by a row', [], [], [33, 1, 129]],
    ['a wide result', [], [], [7, 300, 900]],
    ['two and three rows, which go without packing', [2], [2], [3, 35, 21]],
    ['one row by parts of the inner index', [], [], [1, 411, 333]],
    ['three rows by parts of the inner index', [], [], [3, 101, 602]],
    ['one row that is too wide for parts', [], [], [1, 3, 190_000]],
    ['more rows than a block', [], [], [197, 9, 5]],
    ['more inner indices than two blocks', [], [], [9, 517, 6]],
    ['more columns than a block', [], [], [5, 3, 2059]],
    ['odd sizes', [], [], [63, 127, 65]],
    ['a large batch', [300], [300], [5, 7, 3]],
    ['one left factor for all', [1], [6], [4, 5, 6]],
    ['one right factor for all', [6], [1], [4, 5, 6]],
    ['batch axes of different number', [2, 3], [3], [4, 2, 3]],
  ];
  test.each(edges)('%s', async (_name, batchA, batchB, sizes) => {
    for (const turnA of [false, true]) {
      for (const turnB of [false, true]) await product(batchA, batchB, sizes, turnA, turnB);
    }
  });

  test('batch axes that broadcast crosswise, which cpu itself leaves unfinished', async () => {
    await startEngine({ engine: 'wasm' });
    const [a, b] = [drawn([3, 1, 2, 3], 'a'), drawn([1, 4, 3, 5], 'b')];
    const whole = matMul(broadcastTo(a, [3, 4, 2, 3]), broadcastTo(b, [3, 4, 3, 5]));
    const crossed = matMul(a, b);
    expect(crossed.shape).toEqual([3, 4, 2, 5]);
    expect([...crossed.dataSync()]).toEqual([...whole.dataSync()]);
  });

  test('an empty result and a sum over nothing', async () => {
    await startEngine({ engine: 'wasm' });
    expect(matMul(drawn([0, 4]), drawn([4, 3])).shape).toEqual([0, 3]);
    const zeros = matMul(drawn([2, 0]), drawn([0, 3]));
    expect([...zeros.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(matMul(drawn([0, 2, 4]) as Tensor, drawn([0, 4, 3]) as Tensor).shape).toEqual([0, 2, 3]);
  });
});
