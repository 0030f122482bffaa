import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

/** Euclidean length of all inputs together, as a scalar. */
export function globalNormKernel({
  inputs,
  backend,
}: OwnKernelCall<Readonly<Record<string, TensorInfo>>>): TensorInfo {
  const output = backend.makeOutput([], 'float32');
  const to = offsetOf(backend, output);
  const { kernels } = kernelModule(backend);
  let total = 0;
  for (const info of Object.values(inputs)) {
    total += kernels.sum_of_squares(offsetOf(backend, info), util.sizeFromShape(info.shape));
  }
  new Float32Array(kernelModule(backend).memory.buffer, to, 1)[0] = Math.sqrt(total);
  return output;
}
