import type { Worker } from 'node:worker_threads';

/** The wasm backend's binaries in its installed package. */
export interface WasmFiles {
  /** Ends with a separator. */
  readonly folder: string;
  read(name: string): Promise<Uint8Array>;
}

/** Where the wasm backend's binaries are. */
export type WasmLocation =
  | {
      readonly found: true /** Absent in browsers, where the page's server gives them. */;
      readonly files?: WasmFiles;
    }
  | { readonly found: false; readonly reason: string };

/**
 * What the engine asks of the place that it runs in. `#host` is `node-host.ts`, or `browser-host.ts` under the export
 * condition `browser`, so that a bundle for browsers names nothing of Node's.
 */
export interface Host {
  /** Starts a thread; absent where the kernels cannot have any. */
  readonly Worker?: typeof Worker;
  /** Finds the backend's .wasm files in its installed package, whatever the working directory. */
  locateWasmBinaries(): WasmLocation;
  /** Cores that this process may use. */
  availableCores(): number;
  /** Turns WebAssembly's relaxed SIMD on where it lies behind a flag. @returns whether that was possible */
  allowRelaxedSimd(): boolean;
}
