import { host } from '#host';
import { checkProducts } from './check-products.js';
import { KERNEL_BINARIES } from './kernel-binaries.js';
import { shareMemory } from './share-memory.js';

/** How the kernels multiply and add. */
export type Arithmetic =
  /** Relaxed SIMD on a processor that rounds once. */
  | 'relaxed-fused'
  /** Relaxed SIMD on a processor that rounds twice. */
  | 'relaxed'
  | 'plain';

export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly arithmetic: Arithmetic;
}

/**
 * Compiles the fastest build of the kernels that runs here and gives right products. Relaxed SIMD is there from V8
 * 11.4 (Node 21); Node 20 has it behind a flag, which is set.
 * @param shared whether the memory that they will work in is shared between threads
 */
export async function compileKernels(shared: boolean): Promise<CompiledKernels> {
  const relaxed = decode(KERNEL_BINARIES.relaxed);
  if (WebAssembly.validate(relaxed) || (host.allowRelaxedSimd() && WebAssembly.validate(relaxed))) {
    const { right, fused } = checkProducts(await WebAssembly.compile(shareMemory(relaxed, false)));
    if (right) {
      const module = await WebAssembly.compile(shareMemory(relaxed, shared));
      return { module, arithmetic: fused ? 'relaxed-fused' : 'relaxed' };
    }
  }
  return {
    module: await WebAssembly.compile(shareMemory(decode(KERNEL_BINARIES.plain), shared)),
    arithmetic: 'plain',
  };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
