import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { getBackend, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { KERNEL_COSTS, type KernelCall } from './kernel-costs.js';
import { addMultiplyAdds } from './multiply-adds.js';

/** Marks kernels that are counted, so that starting an engine twice counts once. */
const counted = new WeakSet<KernelFunc>();

/** Product kernels that run now, one inside another: only the outermost is counted. */
let depth = 0;

/** Wraps the current backend's product kernels so that each run adds to the count. */
export function countKernels(): void {
  const backendName = getBackend();
  for (const [kernelName, cost] of Object.entries(KERNEL_COSTS)) {
    const config = getKernel(kernelName, backendName);
    if (!config || counted.has(config.kernelFunc)) continue;
    const kernelFunc: KernelFunc = (call) => {
      depth += 1;
      try {
        const result = config.kernelFunc(call);
        const output = Array.isArray(result) ? result[0]! : result;
        if (depth === 1) addMultiplyAdds(cost(call as unknown as KernelCall, output));
        return result;
      } finally {
        depth -= 1;
      }
    };
    counted.add(kernelFunc);
    replaceKernel({ ...config, kernelFunc });
  }
}

function replaceKernel(config: KernelConfig): void {
  unregisterKernel(config.kernelName, config.backendName);
  registerKernel(config);
}
