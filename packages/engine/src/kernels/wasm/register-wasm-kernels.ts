import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { batchMatMul } from './batch-mat-mul.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

/** Kernels that the wasm backend lacks, or is slow at, by TensorFlow.js' name. */
const KERNELS: Readonly<Record<string, unknown>> = {
  BatchMatMul: batchMatMul,
  UnsortedSegmentSum: unsortedSegmentSum,
};

const registeredFor = new WeakSet<BackendWasm>();

/** Puts our kernels in place of, or beside, the backend's own. Once per backend. */
export function registerWasmKernels(backend: BackendWasm): void {
  if (registeredFor.has(backend)) return;
  registeredFor.add(backend);
  for (const [kernelName, kernelFunc] of Object.entries(KERNELS)) {
    const stock = getKernel(kernelName, 'wasm');
    if (stock) unregisterKernel(kernelName, 'wasm');
    registerKernel({ ...stock, kernelName, backendName: 'wasm', kernelFunc: kernelFunc as KernelFunc });
  }
}
