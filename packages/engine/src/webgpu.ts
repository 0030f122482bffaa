import '@tensorflow/tfjs-backend-webgpu';
import { kernelVersion } from './start/kernel-version.js';
import { engineUnavailable, selectBackend } from './start/select-backend.js';
import { bringWebgpu } from './start/webgpu-in-browsers.js';

interface Gpu {
  requestAdapter(): Promise<{
    readonly info?: { readonly vendor?: string; readonly description?: string };
  } | null>;
}

const ADVICE = 'Choose another engine, or a browser with WebGPU on a machine with a GPU.';

async function adapterOf() {
  const { gpu } = globalThis.navigator as { gpu?: Gpu };
  return (await gpu?.requestAdapter()) ?? undefined;
}

const status = async () => {
  const ok = (await adapterOf()) !== undefined;
  return {
    name: 'webgpu' as const,
    ok,
    reason: ok ? 'The browser has a GPU adapter.' : 'the browser has no GPU adapter.',
    advice: ok ? '' : ADVICE,
  };
};

/**
 * Brings WebGPU to pages and workers in browsers: imported before `startEngine`, this lets it take the GPU where the browser has
 * one.
 * @example
 * if ('gpu' in navigator) await import('@eim/engine/webgpu');
 * const { name } = await startEngine(); // webgpu, else wasm
 */
bringWebgpu({
  name: 'webgpu',
  status,
  start: async () => {
    const adapter = await adapterOf();
    if (!adapter) throw engineUnavailable(await status());
    await selectBackend('webgpu', 'webgpu', ADVICE);
    const device = adapter.info?.description || adapter.info?.vendor || 'unnamed adapter';
    return { name: 'webgpu', device: `GPU, ${device}`, threads: 1, kernelVersion: kernelVersion('webgpu') };
  },
});
