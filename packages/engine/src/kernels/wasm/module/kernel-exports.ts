type Kernel<Result = void> = (...arguments_: number[]) => Result;

/**
 * What the module of packages/engine/wasm-kernels exports: each function's arguments stand there. Those that are
 * pointers are bytes into the memory; the first is the context.
 */
export interface KernelExports {
  readonly product: Kernel;
  readonly head_scores: Kernel;
  readonly head_mix: Kernel;
  readonly head_gather: Kernel;
  readonly gate: Kernel;
  readonly gate_gradient: Kernel;
  readonly normalise: Kernel;
  readonly normalise_gradient: Kernel;
  readonly column_sums: Kernel;
  readonly softmax: Kernel;
  readonly softmax_gradient: Kernel;
  readonly cross_entropy: Kernel<number>;
  readonly cross_entropy_gradient: Kernel;
  readonly adam_w: Kernel;
  readonly sum_of_squares: Kernel<number>;
  readonly gather_rows: Kernel<number>;
  readonly sum_rows: Kernel;
  readonly block_rows: Kernel<number>;
  readonly block_row_product: Kernel;
  readonly block_product: Kernel;
  readonly block_product_gradient: Kernel;
  readonly decoder_values: Kernel<number>;
  readonly decode_blocks: Kernel;
  readonly scratch_bytes: Kernel<number>;
  readonly context_bytes: Kernel<number>;
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

export const BLOCKING: Blocking = { rows: 192, inner: 256, columns: 512 };

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
