import { backend } from '@tensorflow/tfjs-core';
import type { EngineDriver, EngineStatus } from './engine-types.js';
import { engineUnavailable } from './engine-unavailable.js';
import { kernelVersion } from './kernel-version.js';
import { projectPackage } from './project-require.js';
import { restoreNullCheck } from './restore-null-check.js';
import { selectBackend } from './select-backend.js';

/** The TensorFlow C library through one of the two packages that bring it. */
export function nodeEngine(name: 'node' | 'node-gpu'): EngineDriver {
  const packageName = name === 'node' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
  const install = `Install it with 'npm install ${packageName}', or choose another engine.`;
  const rebuild = `Run 'npm rebuild ${packageName}' where its download host can be reached, or choose another engine.`;

  async function status(): Promise<EngineStatus> {
    const found = await projectPackage(packageName);
    if (!found) {
      return { name, ok: false, reason: `${packageName} is not installed.`, advice: install };
    }
    const missing = await missingBinary(found.folder);
    if (missing) {
      return { name, ok: false, reason: `${packageName} is installed without ${missing}.`, advice: rebuild };
    }
    return {
      name,
      ok: true,
      reason: `${packageName} is installed; it has not been started yet.`,
      advice: '',
    };
  }

  return {
    name,
    status,
    start: async ({ threads }) => {
      const known = await status();
      if (!known.ok) throw engineUnavailable(known);
      const found = (await projectPackage(packageName))!;
      await restoreNullCheck();
      // TensorFlow prints its start-up notes to standard error, which is ours to keep clean.
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
      if (threads) process.env.TF_NUM_INTRAOP_THREADS = String(threads);
      try {
        found.load();
      } catch (cause) {
        const reason = `${packageName} fails while loading (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}).`;
        throw engineUnavailable({ name, reason, advice: rebuild }, cause);
      }
      await selectBackend(name, 'tensorflow', rebuild);
      const native = backend() as unknown as {
        isUsingGpuDevice?: boolean;
        binding?: { TF_Version?: string };
      };
      if (name === 'node-gpu' && !native.isUsingGpuDevice) {
        const advice =
          'Check the driver and the CUDA libraries that the package asks for, or choose another engine.';
        throw engineUnavailable({ name, reason: 'TensorFlow was loaded but sees no GPU.', advice });
      }
      const { availableParallelism } = await import('node:os');
      return {
        name,
        device: native.isUsingGpuDevice ? 'GPU, TensorFlow with CUDA' : 'CPU, TensorFlow',
        threads: threads ?? availableParallelism(),
        kernelVersion: kernelVersion(`tensorflow-${native.binding?.TF_Version ?? 'unknown'}`),
      };
    },
  };
}

/** The install script fetches two files; without its network they are absent though the package is there. */
async function missingBinary(folder: string): Promise<string | undefined> {
  const [{ existsSync, readdirSync }, { join }] = await Promise.all([import('node:fs'), import('node:path')]);
  const library = join(folder, 'lib');
  const builds = existsSync(library)
    ? readdirSync(library).filter((entry) => entry.startsWith('napi-v'))
    : [];
  const hasAddon = builds.some((build) => existsSync(join(library, build, 'tfjs_binding.node')));
  return hasAddon ? undefined : 'its native addon (lib/napi-v8/tfjs_binding.node)';
}
