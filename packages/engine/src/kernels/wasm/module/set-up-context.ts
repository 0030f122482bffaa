import { BLOCKING, type Blocking, CONTEXT_WORDS, type KernelExports } from './kernel-exports.js';

/** Gives a byte offset on a cache line of its own. */
export type Allocate = (bytes: number) => number;

/** Looks at a word before a thread sleeps on it: some 50 microseconds. */
const SPINS = 20_000;

/** Lays out the kernels' context, for one thread, in a memory. Returns its offset. */
export function setUpContext(
  kernels: KernelExports,
  memory: WebAssembly.Memory,
  allocate: Allocate,
  blocking: Blocking = BLOCKING,
): number {
  const bytes = kernels.context_bytes();
  const context = allocate(bytes);
  new Uint8Array(memory.buffer, context, bytes).fill(0);
  const set = (word: keyof typeof CONTEXT_WORDS, value: number): void => {
    new Int32Array(memory.buffer, context, bytes / 4)[CONTEXT_WORDS[word]] = value;
  };
  set('threads', 1);
  set('rowBlock', blocking.rows);
  set('innerBlock', blocking.inner);
  set('columnBlock', blocking.columns);
  set('spins', SPINS);
  set('scratch', allocate(kernels.scratch_bytes(context)));
  return context;
}
