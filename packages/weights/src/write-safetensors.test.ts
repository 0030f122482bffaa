import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dtype, TensorData, WeightTensor } from './dtype.js';
import { bfloatsToFloats, halvesToFloats } from './half.js';
import { bytesSource } from './random-access-source.js';
import { SafetensorsFile } from './safetensors-file.js';
import { writeSafetensors } from './write-safetensors.js';

const narrow = fc.array(
  fc.nat(0xffff).filter((bits) => (bits & 0x7fff) <= 0x7f80 && (bits & 0x7c00) !== 0x7c00),
);
const values: [Dtype, fc.Arbitrary<TensorData>][] = [
  ['F64', fc.float64Array()],
  ['F32', fc.float32Array()],
  ['F16', narrow.map((bits) => halvesToFloats(Uint16Array.from(bits)))],
  ['BF16', narrow.map((bits) => bfloatsToFloats(Uint16Array.from(bits)))],
  ['I64', fc.bigInt64Array()],
  ['U64', fc.bigUint64Array()],
  ['I32', fc.int32Array()],
  ['U32', fc.uint32Array()],
  ['I16', fc.int16Array()],
  ['U16', fc.uint16Array()],
  ['I8', fc.int8Array()],
  ['U8', fc.uint8Array()],
  ['BOOL', fc.array(fc.nat(1)).map((bits) => Uint8Array.from(bits))],
];
const name = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((text) => !/\p{Surrogate}/u.test(text) && text !== '__metadata__');
const tensor: fc.Arbitrary<WeightTensor> = fc
  .tuple(
    name,
    fc.oneof(...values.map(([dtype, data]) => data.map((array) => [dtype, array] as const))),
    fc.boolean(),
  )
  .map(([name, [dtype, data], flat]) => ({
    name,
    dtype,
    shape: flat ? [data.length] : [1, data.length, 1],
    data,
  }));
const tensors = fc.uniqueArray(tensor, { selector: (item) => item.name, maxLength: 8 });
const metadata = fc.dictionary(fc.string(), fc.string());

test('what is written is read back', async () => {
  await fc.assert(
    fc.asyncProperty(tensors, metadata, async (written, notes) => {
      const file = await SafetensorsFile.open(bytesSource(writeSafetensors(written, notes)));
      expect({ ...file.metadata }).toEqual({ ...notes });
      expect(file.tensorNames).toHaveLength(written.length);
      for (const expected of written) expect(await file.read(expected.name)).toEqual(expected);
    }),
  );
});

test('the bytes do not depend on the order of tensors or metadata', () => {
  fc.assert(
    fc.property(tensors, metadata, (written, notes) => {
      const reversed = Object.fromEntries(Object.entries(notes).reverse());
      expect(writeSafetensors([...written].reverse(), reversed)).toEqual(writeSafetensors(written, notes));
    }),
  );
});

const good: WeightTensor = { name: 'a', dtype: 'F32', shape: [2], data: new Float32Array(2) };
test.each<[string, WeightTensor[], RegExp]>([
  [
    'a wrong array',
    [{ ...good, data: new Float64Array(2) as never }],
    /"a" of type F32 holds Float64Array.*Float32Array/,
  ],
  ['a wrong count', [{ ...good, shape: [3] }], /"a" has 2 elements, but its shape \[3\] needs 3/],
  ['a name twice', [good, good], /"a": it is there twice/],
  ['the metadata name', [{ ...good, name: '__metadata__' }], /keeps for metadata/],
  ['a broken name', [{ ...good, name: '\ud800' }], /not valid Unicode/],
  ['an unknown type', [{ ...good, dtype: 'F8' as never }], /unknown dtype "F8"/],
  ['a negative size', [{ ...good, shape: [-2] }], /impossible shape/],
  ['a BOOL of 2', [{ name: 'b', dtype: 'BOOL', shape: [1], data: Uint8Array.of(2) }], /other than 0 and 1/],
])('%s is refused', (_, written, message) => {
  expect(() => writeSafetensors(written)).toThrow(message);
});
