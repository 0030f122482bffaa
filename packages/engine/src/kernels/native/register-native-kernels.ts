import { registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { gather } from './gather.js';

let registered = false;

/** Replaces the kernels of the TensorFlow backend that stand in the way of recording. */
export function registerNativeKernels(): void {
  if (registered) return;
  registered = true;
  unregisterKernel('GatherV2', 'tensorflow');
  registerKernel({ kernelName: 'GatherV2', backendName: 'tensorflow', kernelFunc: gather });
}
