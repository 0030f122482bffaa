import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  add,
  divNoNan,
  exp,
  expandDims,
  logSumExp,
  mul,
  neg,
  oneHot,
  type Scalar,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import { assertArgument, assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';

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
  return differentiable<{ logits: Tensor2D }, Scalar>({
    inputs: { logits },
    forward: (save) => {
      const logProbabilities = sub(logits, logSumExp(logits, 1, true)); // [N, V]
      const hot = mul(oneHot(targets, classes), 1 - labelSmoothing);
      const wanted = add(hot, labelSmoothing / classes); // [N, V]
      const losses = neg(sum(mul(wanted, logProbabilities), 1)); // [N]
      const share = divNoNan(weights, sum(weights)); // [N]
      save([logProbabilities, wanted, share]);
      return sum(mul(losses, share)) as Scalar;
    },
    gradients: (dy, [logProbabilities, wanted, share]) => ({
      logits: () => mul(sub(exp(logProbabilities!), wanted!), expandDims(mul(share!, dy), 1)) as Tensor, // [N, V]
    }),
  });
}
