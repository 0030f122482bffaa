import { BYTES_PER_ELEMENT, type WeightTensor } from '../dtype.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { decodeTensorData } from '../tensor-data.js';
import { requireReadable } from '../unread-encoding.js';
import type { TensorReference } from './pickle-value.js';

/**
 * A tensor whose elements a view of a storage holds, in row-major order, reading only the part that it spans.
 * @param start of the storage's bytes in the source; asked for once it is clear that the tensor can be read
 */
export async function readTensor(
  source: RandomAccessSource,
  name: string,
  { dtype, offset, shape, strides }: TensorReference,
  start: () => number | Promise<number>,
): Promise<WeightTensor> {
  requireReadable(source.name, name, dtype);
  const width = BYTES_PER_ELEMENT[dtype];
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements === 0) return { name, dtype, shape, data: decodeTensorData(new Uint8Array(0), dtype) };
  const span = shape.reduce((length, size, axis) => length + (size - 1) * strides[axis]!, 1);
  const bytes = await source.read((await start()) + offset * width, span * width);
  const ordered = isContiguous(shape, strides) ? bytes : gather(bytes, width, shape, strides);
  return { name, dtype, shape, data: decodeTensorData(ordered, dtype) };
}

/** Row-major without gaps; strides of axes of one element do not matter. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

function gather(
  bytes: Uint8Array,
  width: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const elements = shape.reduce((product, size) => product * size, 1);
  const gathered = new Uint8Array(elements * width);
  const index = new Array<number>(shape.length).fill(0);
  let from = 0; // element that `index` stands for
  for (let to = 0; to < elements; to++) {
    for (let byte = 0; byte < width; byte++) gathered[to * width + byte] = bytes[from * width + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return gathered;
}
