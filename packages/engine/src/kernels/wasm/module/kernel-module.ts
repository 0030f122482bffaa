import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmModule } from '../wasm-module.js';
import { type Arithmetic, compileKernels } from './compile-kernels.js';
import { CONTEXT_WORDS, instantiate, type KernelExports, STACK_BYTES } from './kernel-exports.js';
import { setUpContext } from './set-up-context.js';
import { isShared } from './shared-memory.js';
import { WorkerThreads } from './worker-threads.js';

/** Our kernels on a backend's memory, where they work in place on its tensors. */
export interface KernelModule {
  readonly kernels: KernelExports;
  readonly memory: WebAssembly.Memory;
  /** First argument of every kernel. */
  readonly context: number;
  readonly arithmetic: Arithmetic;
  /** That share the kernels' work, the main one included. */
  threads: number;
  /**
   * Changes how many they are. The results are the same bits on any number.
   * @returns why they are not as many as asked for; undefined where they are
   */
  setThreads(threads: number): Promise<string | undefined>;
}

const modules = new WeakMap<BackendWasm, KernelModule>();

/** Compiles the kernels for a backend, once; for one thread. */
export async function prepareKernelModule(backend: BackendWasm): Promise<KernelModule> {
  const present = modules.get(backend);
  if (present) return present;
  const wasm = wasmModule(backend);
  const { memory } = wasm.asm;
  const { module, arithmetic } = await compileKernels(isShared(memory));
  const allocate = (bytes: number): number => Math.ceil((wasm._malloc(bytes + 64) >>> 0) / 64) * 64;
  const kernels = instantiate(module, memory, allocate(STACK_BYTES));
  const context = setUpContext(kernels, memory, allocate);
  const scratchBytes = kernels.scratch_bytes(context);
  const workers = new WorkerThreads({ module, memory, context, scratchBytes, allocate });

  const prepared: KernelModule = {
    kernels,
    memory,
    context,
    arithmetic,
    threads: 1,
    setThreads: async (threads) => {
      if (threads === prepared.threads) return undefined;
      const set = (count: number): void => {
        new Int32Array(memory.buffer)[context / 4 + CONTEXT_WORDS.threads] = count;
        prepared.threads = count;
      };
      set(1);
      if (threads > 1 && !isShared(memory)) return 'its memory is not shared between threads';
      try {
        await workers.restart(threads - 1);
      } catch (cause) {
        return `threads cannot be started here (${cause instanceof Error ? cause.message : String(cause)})`;
      }
      set(threads);
      return undefined;
    },
  };
  modules.set(backend, prepared);
  return prepared;
}

/** The kernels of a backend, prepared when the engine started. */
export function kernelModule(backend: BackendWasm): KernelModule {
  return modules.get(backend)!;
}
