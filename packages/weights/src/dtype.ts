/** Bytes an element of each element type of the safetensors format that this package reads. */
export const BYTES_PER_ELEMENT = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** Element types as the safetensors format spells them. */
export type Dtype = keyof typeof BYTES_PER_ELEMENT;

/** The JavaScript array that holds the elements of each type; half and bfloat are widened, exactly. */
export interface DtypeArray {
  F64: Float64Array;
  F32: Float32Array;
  F16: Float32Array;
  BF16: Float32Array;
  /** Never narrowed to numbers behind the caller's back: see `safeIntegers`. */
  I64: BigInt64Array;
  I32: Int32Array;
  I16: Int16Array;
  I8: Int8Array;
  U64: BigUint64Array;
  U32: Uint32Array;
  U16: Uint16Array;
  U8: Uint8Array;
  /** 0 or 1. */
  BOOL: Uint8Array;
}

export type TensorData = DtypeArray[Dtype];

/** One named tensor in main memory, row-major. */
export interface WeightTensor<D extends Dtype = Dtype> {
  readonly name: string;
  readonly dtype: D;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** As many elements as the product of `shape`. */
  readonly data: DtypeArray[D];
}

export function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(BYTES_PER_ELEMENT, value);
}

/** Product of the dimensions: 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
