/** What the module of packages/engine/wasm-kernels exports. Offsets are bytes into the memory. */
export interface KernelExports {
  product(
    context: number,
    left: number,
    right: number,
    out: number,
    batch: number,
    leftStep: number,
    rightStep: number,
    rows: number,
    columns: number,
    inner: number,
    turnLeft: number,
    turnRight: number,
    bias: number,
    activation: number,
    slope: number,
  ): void;
  /** A worker's loop, which never returns. */
  serve(context: number, scratch: number): never;
  scratch_bytes(context: number): number;
  context_bytes(): number;
  readonly __stack_pointer: WebAssembly.Global<'i32'>;
}

/** Bytes of a thread's stack in the memory. */
export const STACK_BYTES = 65_536;

/** Words of the context, see wasm-kernels/context.h. */
export const CONTEXT_WORDS = {
  threads: 0,
  rowBlock: 1,
  innerBlock: 2,
  columnBlock: 3,
  scratch: 4,
  spins: 5,
  sleepers: 17,
  failed: 50,
} as const;

/** How much of the factors is packed at a time: the best of `npm run bench -- product-blocking`. */
export interface Blocking {
  /** Rows of the left factor, a multiple of 4. */
  readonly rows: number;
  /** Inner indices; sums are rounded once for each such block, so that results depend on it. */
  readonly inner: number;
  /** Columns of the right factor, a multiple of 8. */
  readonly columns: number;
}

export const BLOCKING: Blocking = { rows: 192, inner: 256, columns: 2048 };

/** Instantiates the module on a memory and lays out its context there. The stack's top ends the given bytes. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  stack: number,
): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => performance.now() } });
  const kernels = exports as unknown as KernelExports;
  kernels.__stack_pointer.value = (stack + STACK_BYTES) | 0;
  return kernels;
}
