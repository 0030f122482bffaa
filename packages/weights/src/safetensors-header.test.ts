import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesSource } from './random-access-source.js';
import { readSafetensorsHeader } from './safetensors-header.js';
import { writeSafetensors } from './write-safetensors.js';

/** A file with this header text and so many data bytes. */
function fileWith(header: string | Uint8Array, dataBytes: number, claimed?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}
const tensor = (dtype: string, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });
const f32 = (begin: number, end: number) => tensor('F32', [(end - begin) / 4], [begin, end]);

const attacks: [fault: string, file: Uint8Array, message: RegExp][] = [
  ['an empty file', new Uint8Array(0), /0 bytes, too few/],
  ['seven bytes', new Uint8Array(7), /7 bytes, too few/],
  ['a header cut off', fileWith('{"a":', 0, 400n), /cut off inside its header/],
  [
    'a header length beyond 2^53',
    fileWith('{}', 0, 2n ** 64n - 1n),
    /claims 18446744073709551615 bytes, above/,
  ],
  ['a header above 100 MB', fileWith('{}', 0, 100_000_001n), /above the limit of 100000000/],
  ['bytes that are not UTF-8', fileWith(Uint8Array.of(0x7b, 0xff, 0x7d), 0), /not valid UTF-8/],
  ['broken JSON', fileWith('{"a":', 0), /not valid JSON/],
  ['an empty header', fileWith('', 0), /not valid JSON/],
  ['a list', fileWith('[]', 0), /not a JSON object/],
  ['nesting without end', fileWith('['.repeat(100_000), 0), /not valid JSON/],
  // of two entries the last counts, as in the library
  ['a name twice', fileWith(`{"a":${f32(0, 4)},"a":${f32(4, 8)}}`, 8), /"a" leaves a gap/],
  [
    'a name twice, once escaped',
    fileWith(`{"a":${f32(0, 4)},"\\u0061":${f32(4, 8)}}`, 8),
    /"a" leaves a gap/,
  ],
  [
    'a field twice',
    fileWith('{"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,1]}}', 1),
    /has the field "shape" twice/,
  ],
  ['a lone surrogate', fileWith(`{"\\ud800":${f32(0, 4)}}`, 4), /half of a surrogate pair/],
  ['metadata of numbers', fileWith('{"__metadata__":{"step":3}}', 0), /"step" is not a string/],
  ['metadata that is a list', fileWith('{"__metadata__":[]}', 0), /__metadata__ is not a JSON object/],
  ['a tensor that is a number', fileWith('{"a":3}', 0), /"a" is not described/],
  [
    'an unknown dtype',
    fileWith(`{"a":${tensor('F7', [1], [0, 4])}}`, 4),
    /"a" has dtype "F7", which is none of/,
  ],
  ['an inherited dtype', fileWith(`{"a":${tensor('toString', [1], [0, 4])}}`, 4), /has dtype "toString"/],
  ['a negative size', fileWith(`{"a":${tensor('F32', [-1, -1], [0, 4])}}`, 4), /shape \[-1,-1\], not a list/],
  ['a fractional size', fileWith(`{"a":${tensor('F32', [0.5, 2], [0, 4])}}`, 4), /not a list of sizes/],
  [
    'a product beyond 2^53',
    fileWith(`{"a":${tensor('F32', [2 ** 52, 2 ** 52], [0, 4])}}`, 4),
    /has too many elements/,
  ],
  [
    'a shape of the wrong size',
    fileWith(`{"a":${tensor('F32', [3], [0, 8])}}`, 8),
    /needs 12 bytes, but has 8/,
  ],
  ['one offset', fileWith(`{"a":${tensor('F32', [1], [4])}}`, 4), /not two positions/],
  ['offsets backwards', fileWith(`{"a":${tensor('F32', [1], [4, 0])}}`, 4), /run backwards/],
  ['offsets out of bounds', fileWith(`{"a":${f32(0, 400)}}`, 4), /"a" ends at byte .* cut off/],
  ['an overlap', fileWith(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12), /"b" overlaps/],
  ['the same range twice', fileWith(`{"a":${f32(0, 8)},"b":${f32(0, 8)}}`, 8), /overlaps/],
  ['a gap', fileWith(`{"a":${f32(0, 4)},"b":${f32(8, 12)}}`, 12), /"b" leaves a gap/],
  ['a gap at the start', fileWith(`{"a":${f32(4, 8)}}`, 8), /"a" leaves a gap/],
  ['bytes left over', fileWith(`{"a":${f32(0, 4)}}`, 9), /5 bytes at its end belong to no tensor/],
];

test.each(attacks)('%s is refused by name', async (_, bytes, message) => {
  const reading = readSafetensorsHeader(bytesSource(bytes, 'models/evil.safetensors'));
  const error = await reading.then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason as EimError,
  );
  expect(EimError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'invalid-file', message: expect.stringMatching(message) });
  expect(error.message).toMatch(/^models\/evil\.safetensors: /);
});

test('tensors without elements may stand anywhere between others', async () => {
  const empty = tensor('F32', [0, 3], [4, 4]);
  const header = await readSafetensorsHeader(
    bytesSource(fileWith(`{"b":${f32(4, 8)},"e":${empty},"a":${f32(0, 4)}}`, 8)),
  );
  expect([...header.tensors.keys()]).toEqual(['a', 'e', 'b']);
});

const sound = writeSafetensors(
  [
    { name: 'weight', dtype: 'F32', shape: [2, 3], data: new Float32Array(6) },
    { name: 'ids', dtype: 'I64', shape: [2], data: new BigInt64Array(2) },
  ],
  { step: '3' },
);

test('no mutation of a sound file does anything but read or raise an EimError', async () => {
  const mutation = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.nat(sound.length),
      async (edits, keep) => {
        const bytes = sound.slice(0, keep % 3 === 0 ? keep : undefined);
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        await readSafetensorsHeader(bytesSource(bytes)).catch((error: unknown) => {
          if (!EimError.isInstance(error)) throw error;
        });
      },
    ),
    { numRuns: 2000 },
  );
});

test('no header text does anything but read or raise an EimError', async () => {
  const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));
  await fc.assert(
    fc.asyncProperty(text, fc.nat(16), async (header, dataBytes) => {
      await readSafetensorsHeader(bytesSource(fileWith(header, dataBytes))).catch((error: unknown) => {
        if (!EimError.isInstance(error)) throw error;
      });
    }),
    { numRuns: 1000 },
  );
});
