import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** What a kernel of ours is called with. */
export interface OwnKernelCall<Inputs, Attributes = Record<string, never>> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/** Byte offset of a tensor's values in the backend's memory; 0 of none. */
export function offsetOf(backend: BackendWasm, info: TensorInfo | undefined): number {
  return info === undefined ? 0 : backend.getMemoryOffset(info.dataId);
}
