import type { Tensor1D } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { mul, neg, relu, type Scalar, sub, sum } from '@tensorflow/tfjs-core';
import type { PredictedTargets } from '../predict-targets.js';

/**
 * The sum over targets of weight times cross-entropy, where weights may be negative: what is to become likelier, less
 * what is to become less likely. Taken apart, as a mean over weights that cancel each other does not exist.
 * @returns scalar
 */
export function signedCrossEntropy({ logits, targets, weights }: PredictedTargets): Scalar {
  const total = (shares: Tensor1D) => mul(crossEntropy(logits, targets, shares), sum(shares));
  return sub(total(relu(weights)), total(relu(neg(weights))));
}
