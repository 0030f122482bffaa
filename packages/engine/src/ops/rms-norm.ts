import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { add, mean, mul, rsqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import { assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';
import { fusedNormalise } from './fused-normalise.js';
import { hasOwnKernel } from './own-kernel.js';

/**
 * Root-mean-square normalisation over the last axis (Zhang and Sennrich 2019, equation 4).
 * @param x `[N, D]`
 * @param gain `[D]`
 * @param epsilon added to the mean square
 */
export function rmsNorm(x: Tensor2D, gain: Tensor1D, epsilon: number): Tensor2D {
  assertShape('rmsNorm', 'x', x, [null, null]);
  assertShape('rmsNorm', 'gain', gain, [x.shape[1]]);
  if (hasOwnKernel('EimNormalise')) return fusedNormalise({ x, gain, epsilon });
  return differentiable({
    inputs: { x, gain },
    forward: (save) => {
      const scale = rsqrt(add(mean(square(x), 1, true), epsilon)); // [N, 1]
      const normalised = mul(x, scale); // [N, D]
      save([normalised, scale, gain]);
      return mul(normalised, gain) as Tensor2D; // [N, D]
    },
    gradients: (dy, [normalised, scale, savedGain]) => ({
      x: () => {
        const g = mul(dy, savedGain!); // [N, D]
        const along = mean(mul(g, normalised!), 1, true); // [N, 1]
        return mul(sub(g, mul(normalised!, along)), scale!) as Tensor; // [N, D]
      },
      gain: () => sum(mul(dy, normalised!), 0),
    }),
  });
}
