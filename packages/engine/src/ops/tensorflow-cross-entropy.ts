import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  add,
  divNoNan,
  expandDims,
  gather,
  mean,
  mul,
  oneHot,
  range,
  reshape,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../tensorflow/tensorflow-backend.js';
import { ATTRIBUTE, TF_FLOAT, TF_INT32 } from '../tensorflow/tensorflow-binding.js';
import { differentiable } from './differentiable.js';

const ATTRIBUTES = [
  { name: 'T', type: ATTRIBUTE.type, value: TF_FLOAT },
  { name: 'Tlabels', type: ATTRIBUTE.type, value: TF_INT32 },
];

/**
 * Cross-entropy by TensorFlow's `SparseSoftmaxCrossEntropyWithLogits`, which gives the loss of every row and its
 * gradient `p - onehot` in one pass. Smoothing by s moves the target's share: the loss by `s (target - mean)`, the
 * gradient by s at the target and by `-s / V` everywhere.
 */
export function tensorFlowCrossEntropy(
  backend: RecordingBackend,
  logits: Tensor2D,
  targets: Tensor1D,
  weights: Tensor1D,
  labelSmoothing: number,
): Scalar {
  const [rows, classes] = logits.shape;
  return differentiable<{ logits: Tensor2D }, Scalar>({
    inputs: { logits },
    forward: (save) => {
      const [plain, excess] = backend.executeMultipleOutputs(
        'SparseSoftmaxCrossEntropyWithLogits',
        ATTRIBUTES,
        [logits, targets],
        2,
      ) as [Tensor1D, Tensor2D]; // [N], [N, V]
      const share = divNoNan(weights, sum(weights)); // [N]
      save([excess, share, targets]);
      if (labelSmoothing === 0) return sum(mul(plain, share)) as Scalar;
      const places = add(range(0, rows * classes, classes, 'int32'), targets) as Tensor1D; // [N]
      const pull = sub(gather(reshape(logits, [-1]), places), mean(logits, 1)); // [N]
      return sum(mul(add(plain, mul(pull, labelSmoothing)), share)) as Scalar;
    },
    gradients: (dy, [excess, share, savedTargets]) => ({
      logits: () => {
        const rowScale = expandDims(mul(share!, dy), 1); // [N, 1]
        if (labelSmoothing === 0) return mul(excess!, rowScale);
        const everywhere = -labelSmoothing / classes;
        const target = labelSmoothing + everywhere;
        const moved = oneHot(savedTargets as Tensor1D, classes, target, everywhere, 'float32'); // [N, V]
        return mul<Tensor>(add(excess!, moved), rowScale);
      },
    }),
  });
}
