import { type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { gather } from './gather.js';
import { NATIVE_OWN_KERNELS } from './own-kernels.js';

let registered = false;

/**
 * Replaces the kernels of the TensorFlow backend that stand in the way of recording, and adds those of ours.
 * @param withOwnKernels whether the binding has them and runs on a processor, for which alone they are written
 */
export function registerNativeKernels(withOwnKernels: boolean): void {
  if (registered) return;
  registered = true;
  unregisterKernel('GatherV2', 'tensorflow');
  registerKernel({ kernelName: 'GatherV2', backendName: 'tensorflow', kernelFunc: gather });
  if (!withOwnKernels) return;
  for (const [kernelName, kernelFunc] of Object.entries(NATIVE_OWN_KERNELS)) {
    registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'],
    });
  }
}
