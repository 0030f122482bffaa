import { expect, test } from 'vitest';
import fixture from './__fixtures__/safetensors.json' with { type: 'json' };
import type { WeightTensor } from './dtype.js';
import { bytesSource } from './random-access-source.js';
import { SafetensorsFile } from './safetensors-file.js';
import { safeIntegers } from './tensor-data.js';
import { writeSafetensors } from './write-safetensors.js';

const pythonFile = new Uint8Array(Buffer.from(fixture.file, 'base64'));
const expected = fixture.expected as Record<string, { shape: number[]; values: (number | string)[] }>;

async function readAll(bytes: Uint8Array): Promise<WeightTensor[]> {
  const file = await SafetensorsFile.open(bytesSource(bytes));
  const tensors: WeightTensor[] = [];
  for await (const tensor of file.tensors()) tensors.push(tensor);
  return tensors;
}

test('reads what the Python library wrote, every type', async () => {
  const file = await SafetensorsFile.open(bytesSource(pythonFile));
  expect(file.metadata).toEqual({ format: 'pt' });
  expect([...file.tensorNames].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { shape, values }] of Object.entries(expected)) {
    const tensor = await file.read(name);
    expect(tensor.shape).toEqual(shape);
    const read = Array.from(tensor.data as Iterable<number | bigint>, (value) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(read, name).toEqual(values);
  }
});

test('writes the bytes that the Python library writes', async () => {
  const tensors = await readAll(pythonFile);
  expect(writeSafetensors(tensors.reverse(), { format: 'pt' })).toEqual(pythonFile);
});

test('reads a tensor by its range alone', async () => {
  const ranges: [number, number][] = [];
  const source = bytesSource(pythonFile);
  const file = await SafetensorsFile.open({
    ...source,
    read: (offset, length) => {
      ranges.push([offset, length]);
      return source.read(offset, length);
    },
  });
  const { offset, byteLength } = file.info('int');
  await file.read('int');
  expect(ranges).toHaveLength(3); // header length, header, tensor
  expect(ranges[2]).toEqual([offset, byteLength]);
});

test('a tensor that is not there is named, with those that are', async () => {
  const file = await SafetensorsFile.open(bytesSource(pythonFile, 'model.safetensors'));
  await expect(file.read('weight')).rejects.toMatchObject({
    code: 'invalid-data',
    message: expect.stringMatching(/^model\.safetensors has no tensor "weight"\. It has 13: /),
  });
});

test('64-bit integers become numbers only where exact', async () => {
  const file = await SafetensorsFile.open(bytesSource(pythonFile));
  const long = (await file.read('long')) as WeightTensor<'I64'>;
  expect(() => safeIntegers(long)).toThrow('-9223372036854775808');
  expect(safeIntegers({ ...long, data: BigInt64Array.of(-5n, 7n) })).toEqual([-5, 7]);
});
