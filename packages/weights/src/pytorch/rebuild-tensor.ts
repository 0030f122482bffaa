import { isDtype } from '../dtype.js';
import { bitsPerElement, isUnreadElement } from '../unread-encoding.js';
import { OpaqueValue, StorageReference, TensorReference } from './pickle-value.js';

/** Elements that a view which repeats its storage may have: 16 MiB as floats. */
const MOST_REPEATED_ELEMENTS = 2 ** 22;

/**
 * `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, ...)`, and `_v3`, whose
 * storage is untyped and whose seventh value is the dtype.
 * @returns what it is made of instead where that is not read
 * @throws RangeError where the view is impossible or leaves its storage
 */
export function rebuildTensor(values: readonly unknown[]): TensorReference | OpaqueValue {
  const [storage, offset, shape, strides] = values;
  if (storage instanceof OpaqueValue) return storage;
  if (!(storage instanceof StorageReference)) throw new RangeError('a tensor in it has no storage');
  const dtype = storage.dtype ?? values[6];
  if (dtype instanceof OpaqueValue) return dtype;
  if (!isDtype(dtype) && !isUnreadElement(dtype))
    throw new RangeError('a tensor in it has no element type that can be read');
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
    throw new RangeError('a tensor in it has an impossible shape');
  }
  const capacity = storage.dtype ? storage.length : Math.floor((8 * storage.length) / bitsPerElement(dtype));
  const elements = shape.reduce((product, size) => product * size, 1);
  const last = shape.reduce((at, size, axis) => at + (size - 1) * strides[axis]!, offset);
  if (elements > 0 && last >= capacity) {
    throw new RangeError(
      `a tensor of shape [${shape}] in it reaches element ${last} of a storage of ${capacity}`,
    );
  }
  if (!(elements <= Math.max(capacity, MOST_REPEATED_ELEMENTS))) {
    throw new RangeError(
      `a tensor of shape [${shape}] in it repeats a storage of ${capacity} elements too often`,
    );
  }
  return new TensorReference(storage, dtype, offset, shape, strides);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isCount);
}
