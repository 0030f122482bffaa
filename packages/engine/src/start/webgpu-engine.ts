import { pathToFileURL } from 'node:url';
import type { EngineDriver, EngineStatus } from './engine-types.js';
import { kernelVersion } from './kernel-version.js';
import { projectPackage } from './project-require.js';
import { engineUnavailable, selectBackend } from './select-backend.js';

const BACKEND = '@tensorflow/tfjs-backend-webgpu';
const DAWN = 'webgpu';
const INSTALL = `Install both with 'npm install ${BACKEND} ${DAWN}', or choose another engine.`;
const DRIVER = 'Check that a Vulkan, Metal or Direct3D 12 driver is installed, or choose another engine.';

async function status(): Promise<EngineStatus> {
  const missing: string[] = [];
  for (const name of [BACKEND, DAWN]) if (!projectPackage(name)) missing.push(name);
  if (missing.length > 0) {
    const reason = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed.`;
    return { name: 'webgpu', ok: false, reason, advice: INSTALL };
  }
  return {
    name: 'webgpu',
    ok: true,
    reason: 'Both packages are installed; it has not been started yet.',
    advice: '',
  };
}

interface Gpu {
  requestAdapter(): Promise<{ info?: { vendor?: string; description?: string } } | null>;
}

/** WebGPU through Dawn for Node: any GPU with a Vulkan, Metal or Direct3D 12 driver. */
export const webgpuEngine: EngineDriver = {
  name: 'webgpu',
  status,
  start: async () => {
    const known = await status();
    if (!known.ok) throw engineUnavailable(known);
    const [dawn, backendPackage] = [projectPackage(DAWN), projectPackage(BACKEND)];
    let adapter: Awaited<ReturnType<Gpu['requestAdapter']>>;
    try {
      const { create, globals } = (await import(pathToFileURL(dawn!.entry).href)) as {
        create(options: string[]): Gpu;
        globals: Record<string, unknown>;
      };
      const gpu = create([]);
      Object.assign(globalThis, globals);
      Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
      adapter = await gpu.requestAdapter();
      if (adapter) backendPackage!.load();
    } catch (cause) {
      throw engineUnavailable(
        { name: 'webgpu', reason: `loading it failed (${String(cause)}).`, advice: DRIVER },
        cause,
      );
    }
    if (!adapter)
      throw engineUnavailable({ name: 'webgpu', reason: 'no GPU adapter was found.', advice: DRIVER });
    await selectBackend('webgpu', 'webgpu', DRIVER);
    const device = adapter.info?.description || adapter.info?.vendor || 'unnamed adapter';
    return { name: 'webgpu', device: `GPU, ${device}`, threads: 1, kernelVersion: kernelVersion('webgpu') };
  },
};
