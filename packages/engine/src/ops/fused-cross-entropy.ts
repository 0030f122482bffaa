import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { runOwnKernel } from './own-kernel.js';

/** Cross-entropy in one pass forward and one backward, from the logits both times. */
export function fusedCrossEntropy(
  logits: Tensor2D,
  targets: Tensor1D,
  weights: Tensor1D,
  labelSmoothing: number,
): Scalar {
  return differentiable<{ logits: Tensor2D }, Scalar>({
    inputs: { logits },
    forward: (save) => {
      const results = runOwnKernel<[Scalar, Tensor1D, Tensor1D]>(
        'EimCrossEntropy',
        { logits, targets, weights },
        { labelSmoothing },
      );
      const [loss, logSums, share] = results; // [], [N], [N]
      save([logits, targets, logSums, share]);
      return loss;
    },
    gradients: (dy, [savedLogits, savedTargets, logSums, share]) => ({
      logits: () =>
        runOwnKernel(
          'EimCrossEntropyGradient',
          { logits: savedLogits, targets: savedTargets, logSums, share, dy },
          { labelSmoothing },
        ), // [N, V]
    }),
  });
}
