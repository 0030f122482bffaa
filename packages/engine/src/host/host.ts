/** The wasm backend's binaries in its installed package. */
export interface WasmFiles {
  /** Ends with a separator. */
  readonly folder: string;
  read(name: string): Promise<Uint8Array>;
}

/** A thread that runs kernels. It never keeps a process or page alive, and ends with it. */
export interface HostThread {
  /** Rejects with the reason where it cannot start. */
  readonly ready: Promise<void>;
  end(): Promise<unknown>;
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
  /** Whether memory can be shared between threads here, and one may wait for another. */
  sharesMemory(): boolean;
  /**
   * Starts a thread.
   * @param program JavaScript, which finds `data` and calls `ready()` once it has begun
   */
  startThread(program: string, data: unknown): HostThread;
  /** Finds the backend's .wasm files in its installed package, whatever the working directory. */
  locateWasmBinaries(): WasmLocation;
  /** Cores that this process may use. */
  availableCores(): number;
  /** Turns WebAssembly's relaxed SIMD on where it lies behind a flag. @returns whether that was possible */
  allowRelaxedSimd(): boolean;
}
