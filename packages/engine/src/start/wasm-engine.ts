import { type BackendWasm, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, env } from '@tensorflow/tfjs-core';
import { host } from '#host';
import type { WasmFiles } from '../host/host.js';
import type { Arithmetic } from '../kernels/wasm/module/compile-kernels.js';
import { prepareKernelModule } from '../kernels/wasm/module/kernel-module.js';
import { sharedBinary } from '../kernels/wasm/module/shared-memory.js';
import { registerWasmKernels } from '../kernels/wasm/register-wasm-kernels.js';
import type { EngineDriver, EngineStatus } from './engine-types.js';
import { kernelVersion } from './kernel-version.js';
import { withoutListeners } from './quiet-listeners.js';
import { engineUnavailable, selectBackend } from './select-backend.js';

const ADVICE = 'Reinstall @tensorflow/tfjs-backend-wasm, which brings the file.';

async function status(): Promise<EngineStatus> {
  const location = host.locateWasmBinaries();
  if (!location.found) return { name: 'wasm', ok: false, reason: location.reason, advice: ADVICE };
  return { name: 'wasm', ok: true, reason: 'Comes with @eim/engine.', advice: '' };
}

const IN_WORDS: Readonly<Record<Arithmetic, string>> = {
  'relaxed-fused': 'relaxed SIMD, fused multiply-add',
  relaxed: 'relaxed SIMD',
  plain: 'SIMD',
};

let pathsAreSet = false;

/** WebAssembly with 128-bit SIMD and, where memory can be shared, threads: comes from npm alone and runs wherever Node does. */
export const wasmEngine: EngineDriver = {
  name: 'wasm',
  status,
  start: async ({ threads, wasmFolder }) => {
    const location = host.locateWasmBinaries();
    if (!location.found) throw engineUnavailable({ name: 'wasm', reason: location.reason, advice: ADVICE });
    const files = location.files ?? (wasmFolder === undefined ? undefined : servedFiles(wasmFolder));
    if (!pathsAreSet && files) await setPaths(files);
    pathsAreSet = true;
    // The backend's own threads, which browsers would have, are another binary; ours share the work of the one with SIMD.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await withoutListeners(() => selectBackend('wasm', 'wasm', ADVICE));
    const wasm = backend() as BackendWasm;
    const module = await prepareKernelModule(wasm);
    const wanted = threads ?? host.availableCores();
    const problem = await module.setThreads(wanted);
    registerWasmKernels(wasm);
    return {
      name: 'wasm',
      device: `CPU, WebAssembly with ${IN_WORDS[module.arithmetic]}${problem ? `; one thread: ${problem}` : ''}`,
      threads: module.threads,
      kernelVersion: kernelVersion(`wasm-${version_wasm}-${module.arithmetic}`),
    };
  },
};

const SHARED_BINARY = 'eim:tfjs-backend-wasm-simd.wasm';

/** The backend takes its binary from a file or by fetch alone; Node's own fetch would take longer to load than the binary. */
function giveToFetch(path: string, binary: Uint8Array<ArrayBuffer>): void {
  const { platform } = env();
  const fetch = platform.fetch.bind(platform);
  const given = { ok: true, arrayBuffer: async () => binary.buffer } as Response;
  platform.fetch = async (wanted, init) => (wanted === path ? given : await fetch(wanted, init));
}

/** Tells the backend where its binaries lie; the one with SIMD is given with its memory shared, for our threads. */
async function setPaths({ folder, read }: WasmFiles): Promise<void> {
  const simd = 'tfjs-backend-wasm-simd.wasm';
  const hasSimd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  const binary = hasSimd && host.sharesMemory() ? await sharedBinary(() => read(simd)) : undefined;
  if (!binary) {
    setWasmPaths(folder);
    return;
  }
  const others = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
  giveToFetch(SHARED_BINARY, binary);
  setWasmPaths(
    { [simd]: SHARED_BINARY, ...Object.fromEntries(others.map((name) => [name, folder + name])) },
    true,
  );
}

const servedFiles = (folder: string): WasmFiles => ({
  folder,
  read: async (name) => new Uint8Array(await (await fetch(folder + name)).arrayBuffer()),
});
