import { expect, test } from 'vitest';
import { mapWeights } from './map-weights.js';
import { publishedTensors } from './published-tensors.js';
import { rotaryRow } from './rotary-row.js';
import { copied, joined, permuted, transposed } from './weight-rules.js';
import type { WeightsMap } from './weights-map.js';

const rows = (target: string, first: number) => ({
  target,
  sources: [{ name: 'table', shape: [4, 3] }],
  combine: ([values]: readonly Float32Array[]) => values!.slice(first * 3, (first + 2) * 3),
});

const map: WeightsMap = {
  rules: [
    copied('norm', 'norm.weight', [1, 5, 1]),
    joined('bias', [
      { name: 'q.bias', shape: [4] },
      { name: 'k.bias', shape: [2] },
    ]),
    transposed(
      'queryKey',
      { name: 'q.weight', shape: [8, 3], rowOf: rotaryRow(4) },
      { name: 'k.weight', shape: [2, 3] },
    ),
    permuted('filter', 'conv.weight', [2, 3, 4], [2, 0, 1]),
    rows('prompts.0', 0),
    rows('prompts.1', 2),
    { target: 'begun', sources: [], combine: () => new Float32Array(2) },
  ],
};
const SIZES = { norm: 5, bias: 6, queryKey: 30, filter: 24, 'prompts.0': 6, 'prompts.1': 6, begun: 2 };

test('what a map reads it writes, bit for bit, whatever its rules move', async () => {
  const parameters = new Map(
    Object.entries(SIZES).map(([name, size], index) => [
      name,
      Float32Array.from({ length: size }, (_, at) => (name === 'begun' ? 0 : Math.sin(100 * index + at))),
    ]),
  );
  const tensors = await publishedTensors(map, async (name) => parameters.get(name)!);
  expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ['norm.weight', [1, 5, 1]],
    ['q.bias', [4]],
    ['k.bias', [2]],
    ['q.weight', [8, 3]],
    ['k.weight', [2, 3]],
    ['conv.weight', [2, 3, 4]],
    ['table', [4, 3]],
  ]);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const read = new Map<string, Float32Array>();
  await mapWeights(
    {
      name: 'written',
      tensorNames: [...byName.keys()],
      has: (name) => byName.has(name),
      info: (name) => ({ dtype: 'F32', shape: byName.get(name)!.shape }),
      read: async (name) => ({ ...byName.get(name)!, dtype: 'F32', data: byName.get(name)!.values }),
    },
    map,
    Object.entries(SIZES).map(([name, size]) => ({ name, shape: [size] })),
    (name, values) => void read.set(name, values),
  );
  expect(read).toEqual(parameters);
});

test('places beyond what one float holds are told apart', async () => {
  const size = 2 ** 24 + 3;
  const values = new Float32Array(size).fill(1);
  values.set([2, 3, 4], size - 3);
  const both = { rules: [transposed('w', { name: 'w', shape: [size, 1] })] };
  const [tensor] = await publishedTensors(both, async () => values);
  expect(Buffer.from(tensor!.values.buffer).equals(Buffer.from(values.buffer))).toBe(true);
});

test('maps that compute, lack or repeat values are refused', async () => {
  const ones = (size: number) => async () => new Float32Array(size).fill(1);
  const halved = {
    ...copied('w', 'w', [3]),
    combine: ([w]: readonly Float32Array[]) => w!.map((x) => x / 2),
  };
  await expect(publishedTensors({ rules: [halved] }, ones(3))).rejects.toThrow(/rule of w computes values/);
  await expect(publishedTensors({ rules: [rows('prompts.0', 0)] }, ones(6))).rejects.toThrow(
    /no parameter gives some of the values of table/,
  );
  const twice = { rules: [copied('a', 'w', [3]), copied('b', 'w', [3])] };
  await expect(publishedTensors(twice, ones(3))).rejects.toThrow(/w gets some of its values twice/);
  await expect(publishedTensors({ rules: [copied('a', 'w', [3])] }, ones(2))).rejects.toThrow(
    /a has 2 values, where its rule makes 3/,
  );
  await expect(publishedTensors(twice, async () => undefined)).rejects.toThrow(/there is no parameter a/);
});
