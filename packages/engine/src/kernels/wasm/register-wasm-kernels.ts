import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { batchMatMul } from './batch-mat-mul.js';
import { conv2dBackpropFilter } from './conv-2d-backprop-filter.js';
import { paddedConv2d } from './conv-2d-kernel.js';
import { einsum } from './einsum.js';
import { fusedMatMul } from './fused-mat-mul.js';
import { gatherRows } from './gather-rows.js';
import { guardMemory } from './guard-memory.js';
import { OWN_KERNELS } from './own/wasm-own-kernels.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

/** Kernels that the wasm backend lacks, or is slow at, by TensorFlow.js' name; each may use the stock one. */
const KERNELS: Readonly<Record<string, (stock: KernelFunc) => unknown>> = {
  BatchMatMul: () => batchMatMul,
  _FusedMatMul: () => fusedMatMul,
  Conv2D: paddedConv2d,
  Conv2DBackpropFilter: () => conv2dBackpropFilter,
  Einsum: () => einsum,
  GatherV2: gatherRows,
  Identity: () => identity,
  UnsortedSegmentSum: () => unsortedSegmentSum,
};

/** The stock kernels, kept across a second start of the backend. */
const stockKernels = new Map<string, KernelFunc>();
const preparedBackends = new WeakSet<BackendWasm>();

/** Puts our kernels in place of, or beside, the backend's own. Once per backend. */
export function registerWasmKernels(backend: BackendWasm): void {
  if (preparedBackends.has(backend)) return;
  preparedBackends.add(backend);
  guardMemory(backend);
  if (stockKernels.size > 0) return;
  for (const [kernelName, create] of Object.entries(KERNELS)) {
    const stock = getKernel(kernelName, 'wasm');
    if (stock) unregisterKernel(kernelName, 'wasm');
    const missing: KernelFunc = () => {
      throw new Error(`the wasm backend has no kernel '${kernelName}' of its own`);
    };
    stockKernels.set(kernelName, stock?.kernelFunc ?? missing);
    const kernelFunc = create(stock?.kernelFunc ?? missing) as KernelFunc;
    registerKernel({ ...stock, kernelName, backendName: 'wasm', kernelFunc });
  }
  for (const [kernelName, kernelFunc] of Object.entries(OWN_KERNELS)) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernelFunc as KernelFunc });
  }
}

interface IdentityCall {
  readonly inputs: { readonly x: TensorInfo };
  readonly backend: BackendWasm;
}

/** The same values under another tensor: counted, not copied as the backend's own kernel does. */
export function identity({ inputs, backend }: IdentityCall): TensorInfo {
  const { dataId, shape, dtype } = inputs.x;
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
