import { type KernelConfig, registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { KERNEL_COSTS } from '../../measure/kernel-costs.js';
import type { ShapesBackend } from '../shapes-backend.js';
import { ELEMENTWISE_KERNELS } from './elementwise-kernels.js';
import { LAYOUT_KERNELS } from './layout-kernels.js';
import { OWN_SHAPE_KERNELS } from './own-kernel-shapes.js';
import { PRODUCT_KERNELS } from './product-kernels.js';
import { REDUCTION_KERNELS } from './reduction-kernels.js';
import type { ResultShape, ShapeCall, ShapeKernel, ShapeKernels } from './shape-kernel.js';

/**
 * The two sets of kernels of a shapes pass. `shapes` has TensorFlow.js' own, so that every operation of this package
 * is the plain one that its formula describes; `shapes-fused` adds ours, which keep what fast engines keep.
 */
export type ShapesBackendName = 'shapes' | 'shapes-fused';

const PLAIN: ShapeKernels = {
  ...ELEMENTWISE_KERNELS,
  ...LAYOUT_KERNELS,
  ...REDUCTION_KERNELS,
  ...PRODUCT_KERNELS,
};

let registered = false;

/** Registers the kernels of both sets, once. @param onProduct is told what each product costs, in multiply-adds */
export function registerShapeKernels(onProduct: (multiplyAdds: number) => void): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, kernel] of Object.entries(PLAIN)) {
    register('shapes', kernelName, kernel, onProduct);
    register('shapes-fused', kernelName, kernel, onProduct);
  }
  for (const [kernelName, kernel] of Object.entries(OWN_SHAPE_KERNELS))
    register('shapes-fused', kernelName, kernel, onProduct);
}

function register(
  backendName: ShapesBackendName,
  kernelName: string,
  kernel: ShapeKernel,
  onProduct: (multiplyAdds: number) => void,
): void {
  const cost = KERNEL_COSTS[kernelName];
  const kernelFunc = ({ inputs, attrs, backend }: ShapeCall & { readonly backend: ShapesBackend }) => {
    const call = { inputs, attrs: attrs ?? {} };
    const results = kernel(call);
    if (!isOne(results)) return results.map((result) => made(result, backend));
    const result = made(results, backend);
    if (cost) onProduct(cost(call, result));
    return result;
  };
  registerKernel({
    kernelName,
    backendName,
    kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'],
  });
}

const isOne = (results: ResultShape | readonly ResultShape[]): results is ResultShape =>
  !Array.isArray(results);

const made = ({ shape, dtype, sharing }: ResultShape, backend: ShapesBackend): TensorInfo =>
  sharing ? backend.share(sharing, shape, dtype) : backend.allocate(shape, dtype);
