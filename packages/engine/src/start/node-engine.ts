import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { backend } from '@tensorflow/tfjs-core';
import { registerTensorFlowKernels } from '../kernels/tensorflow/register-tensorflow-kernels.js';
import type { RecordingBinding } from '../tensorflow/tensorflow-binding.js';
import type { EngineDriver } from './engine-types.js';
import { kernelVersion } from './kernel-version.js';
import { type NodeEngineName, type NodeSource, nodeSource } from './node-source.js';
import { engineUnavailable, selectBackend } from './select-backend.js';

/** The TensorFlow C library, through a published package or through what `eim engine install` built. */
export function nodeEngine(name: NodeEngineName): EngineDriver {
  return {
    name,
    status: async () => {
      const source = nodeSource(name);
      if (!('from' in source)) return { ...source, ok: false };
      const what = source.from === 'package' ? `${source.packageName} is installed` : installedText(source);
      const advice = source.from === 'package' ? '' : await renewal(source);
      return { name, ok: true, reason: `${what}; it has not been started yet.`, advice };
    },
    start: async ({ threads }) => {
      const source = nodeSource(name);
      if (!('from' in source)) throw engineUnavailable(source);
      const advice =
        source.from === 'package'
          ? `Run 'npm rebuild ${source.packageName}' where its download host can be reached, or choose another engine.`
          : `Run 'eim engine install ${name}' again, or choose another engine.`;
      restoreNullCheck();
      setTensorFlowEnvironment(threads);
      let binding: RecordingBinding | undefined;
      try {
        binding = await load(source);
      } catch (cause) {
        throw engineUnavailable({ name, reason: loadProblem(source, cause), advice }, cause);
      }
      await selectBackend(name, 'tensorflow', advice);
      const running = backend() as unknown as Running;
      if (name === 'node-gpu' && !running.isUsingGpuDevice) {
        const problem = binding?.gpuProblem();
        const reason = `TensorFlow ${running.binding?.TF_Version ?? ''} was loaded but sees no GPU${problem ? ` (${problem})` : ''}.`;
        throw engineUnavailable({ name, reason, advice: GPU_ADVICE });
      }
      if (binding) registerTensorFlowKernels(binding, running.isUsingGpuDevice === true);
      const version = running.binding?.TF_Version ?? 'unknown';
      const oneDnn = process.env.TF_ENABLE_ONEDNN_OPTS === '1' ? '-onednn' : '';
      return {
        name,
        device: `${running.isUsingGpuDevice ? 'GPU, TensorFlow with CUDA' : 'CPU, TensorFlow'} ${version}`,
        threads: threads ?? availableParallelism(),
        kernelVersion: kernelVersion(`tensorflow-${version}${oneDnn}`),
      };
    },
  };
}

interface Running {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

const GPU_ADVICE =
  "Check the NVIDIA driver and the CUDA libraries ('pip install tensorflow[and-cuda]' brings them), or choose another engine.";

function installedText({ found: { record } }: NodeSource & { from: 'installed' }): string {
  return `Built by eim for TensorFlow ${record.tensorflow} (${record.libraries})`;
}

/** What to do about an engine that was built from other sources than this package's; empty where nothing is. */
async function renewal({ found: { record } }: NodeSource & { from: 'installed' }): Promise<string> {
  const { findAdditions } = await import('../install/additions.js');
  if (record.additions === findAdditions().hash) return '';
  return `It was built by another version of @eim/engine: 'eim engine install ${record.engine}' builds it anew.`;
}

/** @returns the binding with our additions; undefined of a published package */
async function load(source: NodeSource): Promise<RecordingBinding | undefined> {
  if (source.from === 'package') {
    source.found.load();
    return undefined;
  }
  const { loadInstalledEngine } = await import('../installed/load-installed-engine.js');
  return loadInstalledEngine(source.found);
}

function loadProblem(source: NodeSource, cause: unknown): string {
  const what = source.from === 'package' ? source.packageName : 'its binding';
  return `${what} fails while loading (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}).`;
}

/** TensorFlow reads these when it is loaded. */
function setTensorFlowEnvironment(threads: number | undefined): void {
  // TensorFlow prints its start-up notes to standard error, which is ours to keep clean.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  // Results of its oneDNN mode differ with the number of threads. The one product of oneDNN's that we use does not.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  if (threads) process.env.TF_NUM_INTRAOP_THREADS = String(threads);
}

/** tfjs-node calls `util.isNullOrUndefined`, which Node 23 took away; puts it back where it is missing. */
export function restoreNullCheck(): void {
  // The ES module view of node:util is frozen; the CommonJS one is what tfjs-node sees.
  const util = createRequire(import.meta.url)('node:util') as {
    isNullOrUndefined?: (value: unknown) => boolean;
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
