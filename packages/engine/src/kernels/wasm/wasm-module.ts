import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What Emscripten exports of the backend's module and its types leave out. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  /** Gives a byte offset, as a signed number above 2 GiB. */
  _malloc(bytes: number): number;
  _free(offset: number): void;
  readonly asm: { readonly memory: WebAssembly.Memory };
}

/** The backend's module. */
export function wasmModule(backend: BackendWasm): WasmModule {
  return backend.wasm as unknown as WasmModule;
}
