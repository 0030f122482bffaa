import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { addN, scalar, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core';
import { hasOwnKernel, runOwnKernel } from './own-kernel.js';

/** Euclidean length of all tensors together, as a scalar; 0 of no tensors. Not differentiated. */
export function globalNorm(tensors: readonly Tensor[]): Scalar {
  if (tensors.length === 0) return scalar(0);
  if (hasOwnKernel('EimGlobalNorm'))
    return runOwnKernel<Scalar>('EimGlobalNorm', Object.fromEntries(tensors.entries()));
  return tidy(() => sqrt(addN(tensors.map((tensor) => sum(square(tensor)) as Scalar))));
}
