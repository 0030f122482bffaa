import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { openWeightFile } from '../open-weight-file.js';
import { bytesSource } from '../random-access-source.js';
import checkpoints from './__fixtures__/checkpoints.json' with { type: 'json' };
import refused from './__fixtures__/refused.json' with { type: 'json' };

interface Fixture {
  readonly file: string;
  readonly expected: Record<string, { shape: number[]; values: (number | string | null)[] }>;
}
const fixtures = checkpoints as unknown as Record<string, Fixture>;
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const open = (base64: string, name = 'model.pth') => openWeightFile(bytesSource(bytesOf(base64), name));

test.each(Object.keys(fixtures))('reads the values that PyTorch saved: %s', async (kind) => {
  const { file: bytes, expected } = fixtures[kind]!;
  const file = await open(bytes);
  expect(file.format).toBe(kind === 'scripted' ? 'torchscript' : 'pytorch');
  expect([...file.tensorNames].sort()).toEqual(Object.keys(expected).sort());
  for await (const { name, shape, data } of file.tensors()) {
    expect(shape, name).toEqual(expected[name]!.shape);
    const values = Array.from(data as Iterable<number | bigint>, (value) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(values, name).toEqual(expected[name]!.values);
  }
});

test('the order of a state dictionary is kept, and plain values stand beside it', async () => {
  const file = await open(fixtures.nested!.file);
  expect(file.tensorNames.slice(0, 3)).toEqual(['model.0.weight', 'model.0.bias', 'model.1.weight']);
  expect(file.metadata).toEqual({ epoch: 7, best: 0.25, name: 'run' });
  expect((await open(fixtures.scripted!.file)).metadata).toMatchObject({ resolution: 224 });
});

test('a tensor is read by its part of the storage alone', async () => {
  const source = bytesSource(bytesOf(fixtures.views!.file));
  const lengths: number[] = [];
  const file = await openWeightFile({
    ...source,
    read: (offset, length) => {
      lengths.push(length);
      return source.read(offset, length);
    },
  });
  lengths.length = 0;
  await file.read('row');
  expect(lengths).toEqual([30, 6 * 4]); // local header, one row of four
});

test.each<[keyof typeof refused, RegExp]>([
  ['command', /asks for (builtins|__builtin__)\.print, which is not on the list/],
  ['module', /asks for torch\.nn\.modules\.linear\.Linear, which is not on the list/],
  ['old', /asks for (builtins|__builtin__)\.print, which is not on the list/],
  ['sparse', /asks for torch\._utils\._rebuild_sparse_tensor/],
  ['quantized', /asks for torch\._utils\._rebuild_qtensor/],
])('a checkpoint with a %s is refused by name, and nothing runs', async (kind, message) => {
  const error = await open(refused[kind], 'evil.pt').then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason as EimError,
  );
  expect(EimError.isInstance(error)).toBe(true);
  expect(error.code).toBe('invalid-file');
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/^evil\.pt/);
});

test('complex numbers are listed, and refused by name when they are read', async () => {
  const file = await open(refused.complex, 'complex.pt');
  expect(file.info('weight')).toMatchObject({ dtype: 'C64', shape: [1] });
  await expect(file.read('weight')).rejects.toThrow(/complex\.pt: tensor "weight" is stored as C64/);
});

test('cut off anywhere, a checkpoint is refused', async () => {
  for (const kind of ['parameters', 'old']) {
    const whole = bytesOf(fixtures[kind]!.file);
    for (let length = 4; length < whole.length; length += 7) {
      const reading = openWeightFile(bytesSource(whole.subarray(0, length)));
      await expect(reading).rejects.toMatchObject({ code: 'invalid-file' });
    }
  }
});
