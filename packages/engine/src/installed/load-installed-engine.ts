import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as core from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from '../tensorflow/tensorflow-backend.js';
import type { RecordingBinding, TensorFlowBinding } from '../tensorflow/tensorflow-binding.js';
import { bindingFile, type FoundEngine } from './find-installed-engine.js';

/** How the backend's files in an engine's folder reach the one copy of tfjs-core that runs. */
export const CORE_KEY = 'eim.tensorflow-js-core';

type BackendClass = new (binding: TensorFlowBinding, packageName: string) => TensorFlowBackend;

let loaded: { readonly folder: string; readonly binding: RecordingBinding } | undefined;

/**
 * Loads an installed engine and registers it as the backend `tensorflow`. One process holds one: TensorFlow cannot
 * be unloaded.
 */
export function loadInstalledEngine({ folder, record }: FoundEngine & { usable: true }): RecordingBinding {
  if (loaded) {
    if (loaded.folder === folder) return loaded.binding;
    throw new Error('another TensorFlow is loaded already; start a new process');
  }
  (globalThis as Record<symbol, unknown>)[Symbol.for(CORE_KEY)] = core;
  const require = createRequire(join(folder, 'backend', 'resolve-from-here.js'));
  const binding = require(bindingFile(folder)) as RecordingBinding;
  if (binding.TF_Version !== record.tensorflow)
    throw new Error(`the library is TensorFlow ${binding.TF_Version}, not ${record.tensorflow}`);
  require('./register_all_kernels.js');
  const { NodeJSKernelBackend } = require('./nodejs_kernel_backend.js') as {
    NodeJSKernelBackend: BackendClass;
  };
  core.registerBackend(
    'tensorflow',
    () => new NodeJSKernelBackend(binding, `@tensorflow/tfjs-${record.engine}`),
    3,
  );
  loaded = { folder, binding };
  return binding;
}
