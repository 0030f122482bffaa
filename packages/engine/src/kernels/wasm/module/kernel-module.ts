import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmModule } from '../wasm-module.js';
import { type Arithmetic, compileKernels } from './compile-kernels.js';
import { instantiate, type KernelExports, STACK_BYTES } from './kernel-exports.js';
import { setUpContext } from './set-up-context.js';

/** Our kernels on a backend's memory, where they work in place on its tensors. */
export interface KernelModule {
  readonly kernels: KernelExports;
  /** First argument of every kernel. */
  readonly context: number;
  readonly arithmetic: Arithmetic;
}

const modules = new WeakMap<BackendWasm, KernelModule>();

/** Compiles the kernels for a backend, once. */
export async function prepareKernelModule(backend: BackendWasm): Promise<KernelModule> {
  const present = modules.get(backend);
  if (present) return present;
  const wasm = wasmModule(backend);
  const { memory } = wasm.asm;
  const { module, arithmetic } = await compileKernels(isShared(memory));
  const allocate = (bytes: number): number => Math.ceil((wasm._malloc(bytes + 64) >>> 0) / 64) * 64;
  const kernels = instantiate(module, memory, allocate(STACK_BYTES));
  const prepared = { kernels, context: setUpContext(kernels, memory, allocate), arithmetic };
  modules.set(backend, prepared);
  return prepared;
}

/** The kernels of a backend, prepared when the engine started. */
export function kernelModule(backend: BackendWasm): KernelModule {
  return modules.get(backend)!;
}

function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
}
