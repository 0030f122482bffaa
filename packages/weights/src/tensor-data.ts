import { EimError } from '@eim/contracts';
import type { Dtype, DtypeArray, TensorData, WeightTensor } from './dtype.js';
import { BYTES_PER_ELEMENT, elementCount } from './dtype.js';
import { bfloatsToFloats, floatsToBfloats, floatsToHalves, halvesToFloats } from './half.js';

type ArrayClass = { new (buffer: ArrayBuffer, byteOffset: number, length: number): TensorData; name: string };

/** What the bytes of a file are read as, before half and bfloat are widened. */
const STORED_AS: Readonly<Record<Dtype, ArrayClass>> = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** What callers hold. */
const HELD_AS: Readonly<Record<Dtype, ArrayClass>> = { ...STORED_AS, F16: Float32Array, BF16: Float32Array };

/**
 * Little-endian bytes of a tensor as its array. Shares memory with `bytes` where their alignment allows.
 * @param bytes as many as the elements need
 */
export function decodeTensorData<D extends Dtype>(bytes: Uint8Array, dtype: D): DtypeArray[D] {
  const width = BYTES_PER_ELEMENT[dtype];
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const stored = new STORED_AS[dtype](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / width,
  );
  if (dtype === 'F16') return halvesToFloats(stored as Uint16Array) as DtypeArray[D];
  if (dtype === 'BF16') return bfloatsToFloats(stored as Uint16Array) as DtypeArray[D];
  return stored as DtypeArray[D];
}

/**
 * The little-endian bytes of a tensor; shares its memory except for half and bfloat, which are rounded to the
 * nearest, ties to even.
 * @throws EimError `invalid-argument` where array class, element count or a BOOL value does not fit
 */
export function encodeTensorData(tensor: WeightTensor): Uint8Array {
  const { name, dtype, shape, data } = tensor;
  const expected = HELD_AS[dtype];
  if (!(data instanceof expected)) {
    throw new EimError({
      code: 'invalid-argument',
      message: `Tensor "${name}" of type ${dtype} holds ${(data as object)?.constructor?.name ?? typeof data}.`,
      advice: `Pass its elements as ${expected.name}.`,
      data: { name, dtype },
    });
  }
  if (data.length !== elementCount(shape)) {
    throw new EimError({
      code: 'invalid-argument',
      message: `Tensor "${name}" has ${data.length} elements, but its shape [${shape}] needs ${elementCount(shape)}.`,
      data: { name, shape, elements: data.length },
    });
  }
  if (dtype === 'BOOL' && (data as Uint8Array).some((value) => value > 1)) {
    throw new EimError({
      code: 'invalid-argument',
      message: `Tensor "${name}" of type BOOL holds values other than 0 and 1.`,
      data: { name },
    });
  }
  const stored =
    dtype === 'F16'
      ? floatsToHalves(data as Float32Array)
      : dtype === 'BF16'
        ? floatsToBfloats(data as Float32Array)
        : data;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/**
 * 64-bit integers as numbers, for callers that know they are small (ids, positions).
 * @throws EimError `invalid-data` where one is beyond 2^53 - 1, instead of rounding it
 */
export function safeIntegers(tensor: WeightTensor<'I64'> | WeightTensor<'U64'>): number[] {
  return Array.from(tensor.data as Iterable<bigint>, (value) => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new EimError({
      code: 'invalid-data',
      message: `Tensor "${tensor.name}" holds ${value}, which a JavaScript number cannot hold exactly.`,
      advice: 'Use its BigInt64Array as it is.',
      data: { name: tensor.name, value },
    });
  });
}
