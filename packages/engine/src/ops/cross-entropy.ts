import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  add,
  divNoNan,
  expandDims,
  gather,
  log,
  max,
  mean,
  mul,
  range,
  reshape,
  type Scalar,
  softmax,
  sub,
  sum,
  tensorScatterUpdate,
} from '@tensorflow/tfjs-core';
import { recordingBackend } from '../tensorflow/tensorflow-backend.js';
import { assertArgument, assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';
import { fusedCrossEntropy } from './fused-cross-entropy.js';
import { hasOwnKernel } from './own-kernel.js';
import { tensorFlowCrossEntropy } from './tensorflow-cross-entropy.js';

/**
 * Mean cross-entropy of rows against class indices, weighted by row; label smoothing as in
 * `torch.nn.CrossEntropyLoss(label_smoothing)`: the target distribution is `1 - s` on the target plus `s / V`
 * everywhere.
 * @param logits `[N, V]`
 * @param targets `[N]` int32, each in [0, V)
 * @param weights `[N]`, not differentiated; where all are 0 the loss is 0
 * @param labelSmoothing in [0, 1)
 * @returns scalar
 */
export function crossEntropy(
  logits: Tensor2D,
  targets: Tensor1D,
  weights: Tensor1D,
  labelSmoothing = 0,
): Scalar {
  assertShape('crossEntropy', 'logits', logits, [null, null]);
  const [rows, classes] = logits.shape;
  assertShape('crossEntropy', 'targets', targets, [rows]);
  assertShape('crossEntropy', 'weights', weights, [rows]);
  assertArgument(
    'crossEntropy',
    targets.dtype === 'int32',
    `targets have type ${targets.dtype} where int32 is needed.`,
  );
  assertArgument(
    'crossEntropy',
    labelSmoothing >= 0 && labelSmoothing < 1,
    `labelSmoothing is ${labelSmoothing}; it must be in [0, 1).`,
  );
  if (hasOwnKernel('EimCrossEntropy')) return fusedCrossEntropy(logits, targets, weights, labelSmoothing);
  const tensorflow = recordingBackend();
  // Core's oneHot knows no single class.
  if (tensorflow && classes > 1)
    return tensorFlowCrossEntropy(tensorflow, logits, targets, weights, labelSmoothing);
  const smoothing = labelSmoothing / classes;
  return differentiable<{ logits: Tensor2D }, Scalar>({
    inputs: { logits },
    forward: (save) => {
      const probabilities = softmax(logits); // [N, V]
      const peak = max(logits, 1); // [N]
      // The largest probability is at least 1 / V, so that its logarithm is exact where the target's is not.
      const logSum = sub(peak, log(max(probabilities, 1))); // [N]
      const places = flatPlaces(targets, classes); // [N]
      const targetLogits = gather(reshape(logits, [-1]), places); // [N]
      let losses = sub(logSum, mul(targetLogits, 1 - labelSmoothing)); // [N]
      if (labelSmoothing > 0) losses = sub(losses, mul(mean(logits, 1), labelSmoothing));
      const share = divNoNan(weights, sum(weights)); // [N]
      save([probabilities, targets, share]);
      return sum(mul(losses, share)) as Scalar;
    },
    gradients: (dy, [probabilities, savedTargets, share]) => ({
      logits: () => {
        const rowScale = mul(share!, dy); // [N]
        const off = smoothing > 0 ? sub(probabilities!, smoothing) : probabilities!; // [N, V]
        const gradient = mul(off, expandDims(rowScale, 1)); // [N, V]
        const places = flatPlaces(savedTargets as Tensor1D, classes); // [N]
        const excess = sub(gather(reshape(off, [-1]), places), 1 - labelSmoothing); // [N]
        const updates = mul(excess, rowScale); // [N]
        const flat = reshape(gradient, [-1]); // [N*V]
        return reshape(tensorScatterUpdate(flat, expandDims(places, 1), updates), [rows, classes]);
      },
    }),
  });
}

/** Where each row's target lies in the flattened logits. */
function flatPlaces(targets: Tensor1D, classes: number): Tensor1D {
  const starts = range(0, targets.shape[0] * classes, classes, 'int32'); // [N]
  return add(starts, targets);
}
