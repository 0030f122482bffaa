import {
  backend,
  getKernel,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from '../../tensorflow/tensorflow-backend.js';
import type { RecordingBinding } from '../../tensorflow/tensorflow-binding.js';
import { batchMatMul, hasOneDnnProduct } from './batch-mat-mul.js';
import { gather } from './gather.js';
import { TENSORFLOW_OWN_KERNELS } from './tensorflow-own-kernels.js';

let registered = false;

/**
 * Replaces the kernels of the TensorFlow backend that stand in the way of recording, and on a processor, for which
 * alone ours are written, those that are slower than they need be; adds ours, as far as the binding has them.
 */
export function registerTensorFlowKernels({ ownKernels }: RecordingBinding, isUsingGpuDevice: boolean): void {
  if (registered) return;
  registered = true;
  replace('GatherV2', () => gather);
  if (isUsingGpuDevice) return;
  if (hasOneDnnProduct(backend() as TensorFlowBackend)) replace('BatchMatMul', batchMatMul);
  for (const [kernelName, kernelFunc] of Object.entries(TENSORFLOW_OWN_KERNELS)) {
    if (ownKernels === undefined || ownKernels === true || !ownKernels.includes(kernelName)) continue;
    registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'],
    });
  }
}

function replace(
  kernelName: string,
  replacement: (original: KernelConfig['kernelFunc']) => KernelConfig['kernelFunc'],
): void {
  const original = getKernel(kernelName, 'tensorflow').kernelFunc;
  unregisterKernel(kernelName, 'tensorflow');
  registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc: replacement(original) });
}
