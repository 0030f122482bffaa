import type { ExportedTensor } from '@eim/contracts';
import { floatsToHalves } from '../../half.js';

/** The values of one tensor, or of several names of it: what a file's entry `data/<key>` holds. */
export interface Storage {
  readonly key: string;
  readonly dtype: 'F32' | 'F16';
  /** Elements. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** The storage of each tensor, in their order; names with the same array share one. */
export function storagesOf(tensors: readonly ExportedTensor[]): readonly Storage[] {
  const known = new Map<Float32Array, Map<Storage['dtype'], Storage>>();
  let count = 0;
  return tensors.map(({ values, dtype = 'F32' }) => {
    const same = known.get(values) ?? new Map<Storage['dtype'], Storage>();
    known.set(values, same);
    const storage = same.get(dtype) ?? {
      key: String(count++),
      dtype,
      size: values.length,
      bytes: bytesOf(values, dtype),
    };
    same.set(dtype, storage);
    return storage;
  });
}

function bytesOf(values: Float32Array, dtype: Storage['dtype']): Uint8Array {
  const written = dtype === 'F16' ? floatsToHalves(values) : values;
  return new Uint8Array(written.buffer, written.byteOffset, written.byteLength);
}
