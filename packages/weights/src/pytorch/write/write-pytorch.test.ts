import { expect, test } from 'vitest';
import { openWeightFile } from '../../open-weight-file.js';
import { bytesSource } from '../../random-access-source.js';
import { crc32 } from './crc32.js';
import { pytorchChunks } from './write-pytorch.js';

const tensors = [
  { name: 'layers.0.weight', shape: [2, 3, 1], values: Float32Array.of(1, 2, 3, 4, 5, -0.5) },
  { name: 'bias', shape: [2], values: Float32Array.of(Number.MIN_VALUE, 1e30) },
  { name: 'scale', shape: [], values: Float32Array.of(7) },
];
const bytesOf = (...given: Parameters<typeof pytorchChunks>) => Buffer.concat([...pytorchChunks(...given)]);

test('a checkpoint comes back under its place, value by value', async () => {
  const file = await openWeightFile(bytesSource(new Uint8Array(bytesOf('model', tensors)), 'checkpoint.pth'));
  expect(file.tensorNames).toEqual(tensors.map(({ name }) => `model.${name}`));
  for (const { name, shape, values } of tensors) {
    expect(await file.read(`model.${name}`)).toMatchObject({ dtype: 'F32', shape, data: values });
  }
});

test('contents begin at multiples of 64, and the same tensors give the same bytes', () => {
  const bytes = bytesOf('model', tensors);
  expect(bytes.equals(bytesOf('model', tensors))).toBe(true);
  const values = Buffer.from(tensors[0]!.values.buffer);
  expect(bytes.indexOf(values) % 64).toBe(0);
});

test('what cannot be is refused', () => {
  const [first] = tensors;
  expect(() => pytorchChunks('model', [first!, first!])).toThrow(/two tensors named 'layers\.0\.weight'/);
  expect(() => pytorchChunks('model', [{ ...first!, shape: [7] }])).toThrow(
    /has 6 values, and its shape \[7\] needs 7/,
  );
});

test('the checksum of "123456789" is the published one', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});
