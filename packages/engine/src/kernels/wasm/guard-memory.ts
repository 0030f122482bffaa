import { EimError } from '@eim/contracts';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmModule } from './wasm-module.js';

const EXHAUSTED = /OOM|out of memory|Cannot enlarge memory/i;

/**
 * Makes a failed allocation an error. The backend itself takes the null pointer for an address and goes on.
 */
export function guardMemory(backend: BackendWasm): void {
  const module = wasmModule(backend) as { -readonly [Key in '_malloc']: (bytes: number) => number };
  // Emscripten's first call puts the real function in its own place, which would undo the guard.
  wasmModule(backend)._free(module._malloc(4));
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    let offset: number;
    try {
      offset = allocate(bytes);
    } catch (cause) {
      throw EXHAUSTED.test(String(cause)) ? outOfMemory(backend, bytes, cause) : cause;
    }
    if (offset === 0 && bytes > 0) throw outOfMemory(backend, bytes);
    return offset;
  };
}

function outOfMemory(backend: BackendWasm, bytes: number, cause?: unknown): EimError {
  const held = wasmModule(backend).HEAPU8.byteLength;
  const mebibytes = (count: number): string => (count / 2 ** 20).toFixed(0);
  return new EimError({
    code: 'out-of-memory',
    message: `The wasm engine cannot hold another ${mebibytes(bytes)} MiB: its memory has ${mebibytes(held)} MiB, of at most 4096.`,
    advice: 'Use a smaller batch, a smaller model, or another engine.',
    data: { requestedBytes: bytes, heapBytes: held },
    cause,
  });
}
