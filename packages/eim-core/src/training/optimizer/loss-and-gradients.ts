import type { Tensor, Tensor2D } from '@eim/contracts/model';
import { variableGradsRecomputing } from '@eim/engine';
import type { Scalar } from '@tensorflow/tfjs-core';
import { lowRankWeights } from '../low-rank/learn-in-low-rank.js';
import type { LearningParameter } from './learning-parameter.js';

/** A loss with its gradients. */
export interface LossAndGradients {
  readonly value: Scalar;
  /** By index of what learns; undefined where the loss does not depend on it. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/** A loss and its gradients by all that learns; those of low-rank factors follow from the gradients of their weights. */
export function lossAndGradients(
  loss: () => Scalar,
  learning: readonly LearningParameter[],
): LossAndGradients {
  const weights = lowRankWeights(learning);
  const whole = learning.filter(({ factorOf }) => !factorOf).map(({ parameter }) => parameter.variable);
  const { value, grads } = variableGradsRecomputing(loss, [
    ...whole,
    ...weights.map(({ weight }) => weight.variable),
  ]);
  const found: Record<string, Tensor | undefined> = { ...grads };
  for (const updated of weights) {
    const gradient = grads[updated.weight.variable.name] as Tensor2D | undefined;
    if (!gradient) continue;
    const { a, b } = updated.gradients(gradient);
    found[updated.a.variable.name] = a;
    found[updated.b.variable.name] = b;
  }
  return { value, gradients: learning.map(({ parameter }) => found[parameter.variable.name]) };
}
