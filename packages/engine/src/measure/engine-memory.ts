import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, memory as coreMemory, getBackend } from '@tensorflow/tfjs-core';
import { wasmModule } from '../kernels/wasm/wasm-module.js';

export interface EngineMemory {
  readonly tensors: number;
  /** Bytes held by tensors. */
  readonly bytes: number;
  /** Size of the WebAssembly memory, which never shrinks; absent on other engines. */
  readonly heapBytes?: number;
}

/** What the current engine's tensors take. */
export function engineMemory(): EngineMemory {
  const { numTensors, numBytes } = coreMemory();
  if (getBackend() !== 'wasm') return { tensors: numTensors, bytes: numBytes };
  return {
    tensors: numTensors,
    bytes: numBytes,
    heapBytes: wasmModule(backend() as BackendWasm).HEAPU8.byteLength,
  };
}
