import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getThreadsCount, setThreadsCount, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, env } from '@tensorflow/tfjs-core';
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
    registerWasmKernels(backend() as BackendWasm);
    const simd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
    return {
      name: 'wasm',
      device: simd ? 'CPU, WebAssembly with SIMD' : 'CPU, WebAssembly without SIMD',
      threads: Math.max(1, getThreadsCount()),
      kernelVersion: kernelVersion(`wasm-${version_wasm}${simd ? '-simd' : ''}`),
    };
  },
};
