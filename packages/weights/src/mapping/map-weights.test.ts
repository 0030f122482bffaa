import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesSource } from '../random-access-source.js';
import { SafetensorsFile } from '../safetensors-file.js';
import { writeSafetensors } from '../write-safetensors.js';
import { mapWeights, type WeightReceiver } from './map-weights.js';
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

test('a parameter that is filled gets the same values, of what is read in the place of the file', async () => {
  const sources = [counted('a', [300, 70]), counted('b', [40, 70], 5)];
  const rowOf = (row: number) => row ^ 1;
  const rules = [
    transposed('w', { name: 'a', shape: [300, 70], rowOf }, { name: 'b', shape: [40, 70] }),
    joined('v', sources),
    permuted('p', 'b', [40, 70], [1, 0]),
  ];
  const shapes = { w: [70, 340], v: [340, 70], p: [70, 40] };
  const targets = Object.entries(shapes).map(([name, shape]) => ({ name, shape }));
  const file = await fileOf(...sources);
  const runs = (name: string, rowLength?: number) => file.readRuns(name, rowLength);
  const read = (name: string) => file.read(name);
  const weights = { ...file, name: file.name, tensorNames: file.tensorNames, has: file.has.bind(file) };
  const streaming = { ...weights, info: file.info.bind(file), read: Object.assign(read, { runs }) };
  const given = new Map<string, Float32Array>();
  await mapWeights(file, { rules }, targets, (name, values) => given.set(name, values));

  const filled = new Map<string, Float32Array>();
  const ends: string[] = [];
  const receiver = {
    give: (name: string, values: Float32Array) => filled.set(name, values),
    fill: (name: 'w' | 'v') => {
      const values = new Float32Array(shapes[name][0]! * shapes[name][1]!);
      filled.set(name, values);
      const end = (how: string) => () => ends.push(`${name} ${how}`);
      return { values: () => values, finish: end('finished'), abandon: end('abandoned') };
    },
  };
  await mapWeights(streaming, { rules }, targets, receiver as WeightReceiver);
  expect(filled).toEqual(given);
  expect(ends).toEqual(['w finished', 'v finished']);

  // another `read` is not passed by
  const doubled = async (name: string) => {
    const tensor = await file.read(name);
    return { ...tensor, data: Float32Array.from(tensor.data as Float32Array, (value) => 2 * value) };
  };
  await mapWeights({ ...streaming, read: doubled }, { rules }, targets, receiver as WeightReceiver);
  for (const [name, values] of given) expect(filled.get(name)).toEqual(values.map((value) => 2 * value));

  const failing = { ...streaming, read: async () => Promise.reject(new Error('gone')) };
  ends.length = 0;
  await expect(mapWeights(failing, { rules }, targets, receiver as WeightReceiver)).rejects.toThrow('gone');
  expect(ends).toEqual(['w abandoned']);
});
