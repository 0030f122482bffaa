import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getThreadsCount, setThreadsCount, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { backend } from '@tensorflow/tfjs-core';
import type { Arithmetic } from '../kernels/wasm/module/compile-kernels.js';
import { prepareKernelModule } from '../kernels/wasm/module/kernel-module.js';
import { registerWasmKernels } from '../kernels/wasm/register-wasm-kernels.js';
import type { EngineDriver, EngineStatus } from './engine-types.js';
import { engineUnavailable } from './engine-unavailable.js';
import { kernelVersion } from './kernel-version.js';
import { locateWasmBinaries } from './locate-wasm-binaries.js';
import { selectBackend } from './select-backend.js';

const ADVICE = 'Reinstall @tensorflow/tfjs-backend-wasm, which brings the file.';

async function status(): Promise<EngineStatus> {
  const location = await locateWasmBinaries();
  if (!location.found) return { name: 'wasm', ok: false, reason: location.reason, advice: ADVICE };
  return { name: 'wasm', ok: true, reason: 'Comes with @eim/engine.', advice: '' };
}

const IN_WORDS: Readonly<Record<Arithmetic, string>> = {
  'relaxed-fused': 'relaxed SIMD, fused multiply-add',
  relaxed: 'relaxed SIMD',
  plain: 'SIMD',
};

let pathsAreSet = false;

/** WebAssembly with 128-bit SIMD: comes from npm alone and runs wherever Node does. */
export const wasmEngine: EngineDriver = {
  name: 'wasm',
  status,
  start: async ({ threads }) => {
    const location = await locateWasmBinaries();
    if (!location.found) throw engineUnavailable({ name: 'wasm', reason: location.reason, advice: ADVICE });
    if (!pathsAreSet) {
      if (location.folder) setWasmPaths(location.folder);
      if (threads) setThreadsCount(threads);
      pathsAreSet = true;
    }
    await selectBackend('wasm', 'wasm', ADVICE);
    const wasm = backend() as BackendWasm;
    const { arithmetic } = await prepareKernelModule(wasm);
    registerWasmKernels(wasm);
    return {
      name: 'wasm',
      device: `CPU, WebAssembly with ${IN_WORDS[arithmetic]}`,
      threads: Math.max(1, getThreadsCount()),
      kernelVersion: kernelVersion(`wasm-${version_wasm}-${arithmetic}`),
    };
  },
};
