import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesSource } from '../random-access-source.js';
import { SafetensorsFile } from '../safetensors-file.js';
import { writeSafetensors } from '../write-safetensors.js';
import { mapWeights } from './map-weights.js';
import { copied, joined, permuted, transposed } from './weight-rules.js';
import type { WeightRule } from './weights-map.js';

const counted = (name: string, shape: number[], first = 0) => ({
  name,
  dtype: 'F32' as const,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i),
});
const fileOf = (...tensors: Parameters<typeof writeSafetensors>[0]) =>
  SafetensorsFile.open(bytesSource(writeSafetensors(tensors), 'model.safetensors'));

async function map(rules: WeightRule[], tensors: Parameters<typeof writeSafetensors>[0], shape: number[]) {
  const given: Record<string, number[]> = {};
  await mapWeights(
    await fileOf(...tensors),
    { rules },
    rules.map(({ target }) => ({ name: target, shape })),
    (name, values) => {
      given[name] = [...values];
    },
  );
  return given;
}

test('tensors are copied, joined, transposed side by side with their rows in another order, and permuted', async () => {
  const a = counted('a', [2, 3]); // 0 1 2 / 3 4 5
  const b = counted('b', [2, 3], 10);
  expect(await map([copied('w', 'a', [2, 3])], [a], [2, 3])).toEqual({ w: [0, 1, 2, 3, 4, 5] });
  expect(await map([joined('w', [a, b])], [a, b], [4, 3])).toEqual({
    w: [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15],
  });
  const sources = [
    { name: 'a', shape: [2, 3] as const },
    { name: 'b', shape: [2, 3] as const, rowOf: (row: number) => 1 - row },
  ];
  expect(await map([transposed('w', ...sources)], [a, b], [3, 4])).toEqual({
    w: [0, 3, 13, 10, 1, 4, 14, 11, 2, 5, 15, 12],
  });
  expect(await map([permuted('w', 'c', [1, 2, 3], [2, 0, 1])], [counted('c', [1, 2, 3])], [3, 1, 2])).toEqual(
    {
      w: [0, 3, 1, 4, 2, 5],
    },
  );
});

test('transposing twice, and permuting back, give the tensor again', async () => {
  const side = fc.integer({ min: 1, max: 40 }); // tiles have a side of 32
  const bytes = (values: Float32Array) => Buffer.from(values.buffer).toString('base64');
  await fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 4 }), (rows, columns, depth) => {
      const values = Float32Array.from({ length: rows * columns }, (_, i) => i);
      const once = transposed('', { name: '', shape: [rows, columns] }).combine([values]);
      expect(bytes(transposed('', { name: '', shape: [columns, rows] }).combine([once]))).toBe(bytes(values));
      const shape = [rows, columns, depth];
      const deep = Float32Array.from({ length: rows * columns * depth }, (_, i) => i);
      const turned = permuted('', '', shape, [1, 2, 0]).combine([deep]);
      expect(bytes(permuted('', '', [columns, depth, rows], [2, 0, 1]).combine([turned]))).toBe(bytes(deep));
    }),
    { numRuns: 30 },
  );
});

test('every fault is listed, and nothing is given', async () => {
  const file = await fileOf(counted('a', [2, 3]), counted('extra', [1]), counted('buffer', [1]), {
    name: 'ids',
    dtype: 'I64',
    shape: [1],
    data: BigInt64Array.of(1n),
  });
  const rules = [copied('x', 'a', [3, 2]), copied('y', 'gone', [2]), copied('z', 'ids', [1])];
  const targets = [
    { name: 'x', shape: [3, 2] },
    { name: 'y', shape: [2] },
    { name: 'z', shape: [1] },
  ];
  let given = 0;
  const work = mapWeights(file, { rules, ignores: (name) => name === 'buffer' }, targets, () => given++);
  await expect(work).rejects.toMatchObject({
    code: 'invalid-file',
    message: expect.stringMatching(
      /model\.safetensors does not hold.*\n {2}1 missing: gone\n {2}1 of another shape: a is \[2,3\] and should be \[3,2\]\n {2}1 not of a floating-point type that is read: ids is I64\n {2}1 unexpected: extra/,
    ),
    data: { missing: ['gone'], unexpected: ['extra'] },
  });
  expect(given).toBe(0);
});

test('a map that does not cover its model is the package’s mistake', async () => {
  const file = await fileOf(counted('a', [2]));
  const rules = [copied('x', 'a', [2])];
  const mapTo = (...names: string[]) =>
    mapWeights(
      file,
      { rules },
      names.map((name) => ({ name, shape: [3] })),
      () => {},
    );
  await expect(mapTo('y')).rejects.toThrow(/no rule makes y; the model has no x/);
  await expect(mapTo('x')).rejects.toThrow(/makes 2 values of x, whose shape \[3\] needs 3/);
});
