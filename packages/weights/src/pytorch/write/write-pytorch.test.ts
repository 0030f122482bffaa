import { expect, test } from 'vitest';
import { openWeightFile } from '../../open-weight-file.js';
import { bytesSource } from '../../random-access-source.js';
import { TORCH_ACTIONS } from '../torch-actions.js';
import { unpickle } from '../unpickle.js';
import { crc32 } from './crc32.js';
import { PickleWriter } from './pickle-writer.js';
import { pytorchChunks } from './write-pytorch.js';

const tensors = [
  { name: 'layers.0.weight', shape: [2, 3, 1], values: Float32Array.of(1, 2, 3, 4, 5, -0.5) },
  { name: 'bias', shape: [2], values: Float32Array.of(Number.MIN_VALUE, 1e30) },
  { name: 'scale', shape: [], values: Float32Array.of(7) },
];
const bytesOf = (...given: Parameters<typeof pytorchChunks>) => Buffer.concat([...pytorchChunks(...given)]);

test('a checkpoint comes back under its place, value by value', async () => {
  const file = await openWeightFile(
    bytesSource(new Uint8Array(bytesOf({ place: 'model', tensors })), 'checkpoint.pth'),
  );
  expect(file.tensorNames).toEqual(tensors.map(({ name }) => `model.${name}`));
  for (const { name, shape, values } of tensors) {
    expect(await file.read(`model.${name}`)).toMatchObject({ dtype: 'F32', shape, data: values });
  }
});

test('a flat state dict, halves, and one tensor under two names', async () => {
  const [table] = tensors;
  const half = { name: 'gate', shape: [2], values: Float32Array.of(1 / 3, -0), dtype: 'F16' } as const;
  const bytes = bytesOf({ tensors: [table!, { ...table!, name: 'head' }, half] });
  const file = await openWeightFile(bytesSource(new Uint8Array(bytes), 'flat.pt'));
  expect(file.tensorNames).toEqual([table!.name, 'head', 'gate']);
  expect((await file.read('head')).data).toEqual(table!.values);
  expect(await file.read('gate')).toMatchObject({ dtype: 'F16', data: Float32Array.of(0.333251953125, -0) });
  const values = Buffer.from(table!.values.buffer);
  expect(bytes.indexOf(values)).toBe(bytes.lastIndexOf(values));
});

test('plain values stand beside the tensors', async () => {
  const config = { yes: true, no: false, rank: 16, rate: 0.5, large: 2 ** 40, none: null, name: 'ü' };
  const bytes = bytesOf({ place: 'model', tensors, beside: { config } });
  const file = await openWeightFile(bytesSource(new Uint8Array(bytes), 'checkpoint.pth'));
  expect(file.metadata).toEqual({ config });
  expect(file.tensorNames).toEqual(tensors.map(({ name }) => `model.${name}`));
});

test('contents begin at multiples of 64, and the same tensors give the same bytes', () => {
  const bytes = bytesOf({ place: 'model', tensors });
  expect(bytes.equals(bytesOf({ place: 'model', tensors }))).toBe(true);
  const values = Buffer.from(tensors[0]!.values.buffer);
  expect(bytes.indexOf(values) % 64).toBe(0);
});

test.each([2 ** 31, -(2 ** 31) - 1, 2 ** 40, -(2 ** 40), 255, 2 ** 39 - 1, -(2 ** 39), 0, -1])(
  'the whole number %d',
  (value) => {
    const read = (write: (pickle: PickleWriter) => void) => {
      const pickle = new PickleWriter();
      write(pickle);
      return unpickle(pickle.finished(), TORCH_ACTIONS);
    };
    expect(read((pickle) => pickle.plain(value))).toBe(value);
    expect(read((pickle) => pickle.long(BigInt(value)))).toBe(value);
  },
);

test('lists and dictionaries however nested', () => {
  const pickle = new PickleWriter();
  pickle.plain([{ names: ['a', []], inner: { x: -1 } }]);
  expect(unpickle(pickle.finished(), TORCH_ACTIONS)).toEqual([
    new Map<string, unknown>([
      ['names', ['a', []]],
      ['inner', new Map([['x', -1]])],
    ]),
  ]);
});

test('what cannot be is refused', () => {
  const [first] = tensors;
  expect(() => pytorchChunks({ tensors: [first!, first!] })).toThrow(/two tensors named 'layers\.0\.weight'/);
  expect(() => pytorchChunks({ tensors: [{ ...first!, shape: [7] }] })).toThrow(
    /has 6 values, and its shape \[7\] needs 7/,
  );
  expect(() => pytorchChunks({ tensors, beside: { config: {} } })).toThrow(/needs keys other than theirs/);
});

test('the checksum of "123456789" is the published one', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});
