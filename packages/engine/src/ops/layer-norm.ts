import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { add, mean, mul, rsqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import { assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';
import { fusedNormalise } from './fused-normalise.js';
import { hasOwnKernel } from './own-kernel.js';

/**
 * Layer normalisation over the last axis (Ba et al. 2016, section 3), variance without Bessel's correction.
 * @param x `[N, D]`
 * @param gain `[D]`
 * @param bias `[D]`
 * @param epsilon added to the variance
 */
export function layerNorm(x: Tensor2D, gain: Tensor1D, bias: Tensor1D, epsilon: number): Tensor2D {
  assertShape('layerNorm', 'x', x, [null, null]);
  assertShape('layerNorm', 'gain', gain, [x.shape[1]]);
  assertShape('layerNorm', 'bias', bias, [x.shape[1]]);
  if (hasOwnKernel('EimNormalise')) return fusedNormalise({ x, gain, bias, epsilon });
  return differentiable({
    inputs: { x, gain, bias },
    forward: (save) => {
      const centred = sub(x, mean(x, 1, true)); // [N, D]
      const variance = mean(square(centred), 1, true); // [N, 1]
      const scale = rsqrt(add(variance, epsilon)); // [N, 1]
      const normalised = mul(centred, scale); // [N, D]
      save([normalised, scale, gain]);
      return add(mul(normalised, gain), bias) as Tensor2D; // [N, D]
    },
    gradients: (dy, [normalised, scale, savedGain]) => ({
      x: () => {
        const g = mul(dy, savedGain!); // [N, D]
        const along = mean(mul(g, normalised!), 1, true); // [N, 1]
        const inner = sub(sub(g, mean(g, 1, true)), mul(normalised!, along)); // [N, D]
        return mul(inner, scale!) as Tensor;
      },
      gain: () => sum(mul(dy, normalised!), 0),
      bias: () => sum(dy, 0),
    }),
  });
}
