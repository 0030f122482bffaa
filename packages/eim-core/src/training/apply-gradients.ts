import type { Tensor } from '@eim/contracts/model';
import { globalNorm } from '@eim/engine';
import { add, div, minimum, type Scalar, scalar } from '@tensorflow/tfjs-core';
import { lowRankWeights } from './low-rank/learn-in-low-rank.js';
import type { AdamW } from './optimizer/adamw.js';
import type { LearningParameter } from './optimizer/learning-parameter.js';

export interface ApplyGradientsOptions {
  readonly learning: readonly LearningParameter[];
  readonly optimizer: AdamW;
  readonly clipNorm: number | undefined;
}

/** Numbers that change from step to step: functions, as a recorded step asks for them anew. */
export interface StepNow {
  /** 0-based within the segment. */
  readonly step: () => number;
  /** Share of the peak rate. */
  readonly rateScale: () => number;
}

/** Parts that learn, in the order of their gradient norms in a step's report. */
export function learningParts(learning: readonly LearningParameter[]): LearningParameter['part'][] {
  return [...new Set(learning.map(({ part }) => part))];
}

/**
 * Clips gradients by their global norm and updates what learns; weights that learn in low rank are written anew.
 * @param gradients by index of the parameter; undefined where the loss does not depend on it
 * @param total what the gradients are still to be divided by. Absent: 1
 * @returns the norm of each learning part before clipping
 */
export function applyGradients(
  gradients: readonly (Tensor | undefined)[],
  { learning, optimizer, clipNorm }: ApplyGradientsOptions,
  now: StepNow,
  total?: Scalar,
): Scalar[] {
  const norms = learningParts(learning).map((part) => {
    const own = gradients.filter((gradient, index) => gradient && learning[index]!.part === part);
    const norm = globalNorm(own as Tensor[]);
    return total ? (div(norm, total) as Scalar) : norm;
  });
  // The formula of torch.nn.utils.clip_grad_norm_.
  const clip =
    clipNorm === undefined
      ? undefined
      : (minimum(1, div(scalar(clipNorm), add(globalNorm(norms), 1e-6))) as Scalar);
  optimizer.apply(gradients, now, total ? (div(clip ?? 1, total) as Scalar) : clip);
  for (const weight of lowRankWeights(learning)) weight.write();
  return norms;
}
