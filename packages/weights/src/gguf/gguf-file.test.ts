import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { openWeightFile } from '../open-weight-file.js';
import { bytesSource } from '../random-access-source.js';
import fixture from './__fixtures__/gguf.json' with { type: 'json' };

interface Expected {
  readonly type: string;
  readonly shape: number[];
  readonly values?: (number | string)[];
  /** Little-endian floats in base64. */
  readonly floats?: string;
}
const bytes = new Uint8Array(Buffer.from(fixture.file, 'base64'));
const expected = fixture.expected as unknown as Record<string, Expected>;

test('reads what gguf-py wrote, and widens blocks to the bits that gguf-py gives', async () => {
  const file = await openWeightFile(bytesSource(bytes));
  expect(file.format).toBe('gguf');
  expect(file.tensorNames).toEqual(Object.keys(expected));
  for (const [name, { shape, values, floats }] of Object.entries(expected)) {
    const tensor = await file.read(name);
    expect(tensor.shape, name).toEqual(shape);
    if (floats === undefined) {
      const read = Array.from(tensor.data as Iterable<number | bigint>, (value) =>
        typeof value === 'bigint' ? value.toString() : value,
      );
      expect(read, name).toEqual(values);
    } else {
      expect(file.info(name)).toMatchObject({ dtype: 'F32', encoding: name });
      const read = Buffer.from((tensor.data as Float32Array).buffer).toString('base64');
      expect(read === floats, name).toBe(true);
    }
  }
});

test('metadata comes in plain types', async () => {
  const { metadata } = await openWeightFile(bytesSource(bytes));
  expect(metadata).toMatchObject({
    'general.architecture': 'llama',
    'llama.block_count': 2,
    'llama.rope.freq_base': 10_000,
    'test.large': 2n ** 60n,
    'test.flag': true,
    'test.negative': -5,
    'tokenizer.ggml.tokens': ['<unk>', '▁a', '日'],
    'tokenizer.ggml.scores': Float32Array.of(0, -1.5, -2.25),
  });
});

/** A header of one tensor, or of other bytes after the counts. */
function header(parts: (string | { u32: number } | { u64: bigint | number })[], data = 0): Uint8Array {
  const chunks = parts.map((part) => {
    if (typeof part === 'string') {
      const text = Buffer.from(part);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(text.length));
      return Buffer.concat([length, text]);
    }
    const number = Buffer.alloc('u32' in part ? 4 : 8);
    if ('u32' in part) number.writeUInt32LE(part.u32);
    else number.writeBigUInt64LE(BigInt(part.u64));
    return number;
  });
  const head = Buffer.concat([Buffer.from('GGUF'), ...chunks]);
  return new Uint8Array(
    Buffer.concat([head, Buffer.alloc(((-head.length % 32) + 32) % 32), Buffer.alloc(data)]),
  );
}
const u32 = (value: number) => ({ u32: value });
const u64 = (value: bigint | number) => ({ u64: value });
const start = (tensors: bigint | number, pairs: bigint | number) => [u32(3), u64(tensors), u64(pairs)];
const tensor = (name: string, type: number, offset: number, ...shape: number[]) => [
  name,
  u32(shape.length),
  ...shape.map(u64),
  u32(type),
  u64(offset),
];

test.each<[fault: string, bytes: Uint8Array, message: RegExp]>([
  ['of version 1', header([u32(1), u64(0), u64(0)]), /has version 1, and only/],
  ['that is big-endian', header([u32(3 << 24), u64(0), u64(0)]), /is big-endian/],
  ['cut off', bytes.subarray(0, 300), /cut off inside its header/],
  ['with its data cut off', bytes.subarray(0, bytes.length - 600), /"Q5_K" ends at byte .* cut off/],
  ['that claims endless tensors', header(start(2n ** 63n, 0)), /cut off inside its header/],
  ['that claims an endless name', header([...start(0, 1), u64(2n ** 62n)]), /cut off inside its header/],
  ['with an endless array', header([...start(0, 1), 'a', u32(9), u32(8), u64(2n ** 40n)]), /cut off inside/],
  [
    'of nested arrays',
    header([...start(0, 1), 'a', u32(9), ...new Array(9).fill([u32(9), u64(1)]).flat()]),
    /nested more than/,
  ],
  ['with an unknown value', header([...start(0, 1), 'a', u32(99), u64(1)]), /unknown type 99/],
  [
    'with a key twice',
    header([...start(0, 2), 'a', u32(4), u32(1), 'a', u32(4), u32(1)]),
    /metadata "a" twice/,
  ],
  [
    'with a name twice',
    header([...start(2, 0), ...tensor('w', 0, 0, 1), ...tensor('w', 0, 32, 1)], 64),
    /"w" twice/,
  ],
  [
    'with tensors that overlap',
    header([...start(2, 0), ...tensor('w', 0, 0, 9), ...tensor('v', 0, 32, 1)], 64),
    /"v" overlaps/,
  ],
  ['with five dimensions', header([...start(1, 0), ...tensor('w', 0, 0, 1, 1, 1, 1, 1)], 64), /5 dimensions/],
  [
    'with a type that nobody knows',
    header([...start(1, 0), ...tensor('w', 99, 0, 256)], 99),
    /"w" is stored as ggml's type 99, which is not known here\. Quantise/,
  ],
  [
    'with rows between blocks',
    header([...start(1, 0), ...tensor('w', 12, 0, 32)], 99),
    /rows of 32, which Q4_K blocks/,
  ],
  [
    'with a strange alignment',
    header([...start(0, 1), 'general.alignment', u32(4), u32(48)]),
    /alignment is 48/,
  ],
])('a file %s is refused', async (_, file, message) => {
  const error = await openWeightFile(bytesSource(file, 'evil.gguf')).then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason as EimError,
  );
  expect(EimError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'invalid-file', message: expect.stringMatching(message) });
  expect(error.message).toMatch(/^evil\.gguf: /);
});

test('a tensor of a type that is not widened is listed, and refused by name when it is read', async () => {
  const file = await openWeightFile(
    bytesSource(
      header([...start(2, 0), ...tensor('w', 16, 0, 256), ...tensor('v', 0, 96, 1)], 100),
      'iq.gguf',
    ),
  );
  expect(file.info('w')).toMatchObject({ dtype: 'IQ2_XXS', encoding: 'IQ2_XXS', shape: [256] });
  await expect(file.read('w')).rejects.toThrow(
    /iq\.gguf: tensor "w" is stored as IQ2_XXS.*not read\. Save it/,
  );
  expect((await file.read('v')).data).toEqual(new Float32Array(1));
});
