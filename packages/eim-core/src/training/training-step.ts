import type { Batch, ModelParts, Objective, ObjectiveContext, Tensor } from '@eim/contracts';
import { globalNorm } from '@eim/engine';
import { add, div, minimum, type Scalar, scalar, stack, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { AdamW } from './optimizer/adamw.js';
import type { LearningParameter } from './optimizer/learning-parameter.js';

export interface TrainingStepInput {
  readonly parts: ModelParts;
  readonly objective: Objective;
  readonly batch: Batch;
  readonly context: ObjectiveContext;
  readonly learning: readonly LearningParameter[];
  readonly optimizer: AdamW;
  /** 0-based within the segment. */
  readonly step: number;
  /** Share of the peak rate. */
  readonly rateScale: number;
  readonly clipNorm: number | undefined;
}

/** Parts that learn, in the order of their gradient norms in a step's report. */
export function learningParts(learning: readonly LearningParameter[]): LearningParameter['part'][] {
  return [...new Set(learning.map(({ part }) => part))];
}

/**
 * Forward, backward and update, without reading a value back.
 * @returns `[1 + parts]`: the loss, then the gradient norm of each learning part before clipping; read and
 *   disposed of by the caller
 */
export function trainingStep(input: TrainingStepInput): Tensor {
  const { parts, objective, batch, context, learning, optimizer, step, rateScale, clipNorm } = input;
  return tidy(() => {
    const { value, grads } = variableGrads(
      () => objective.loss(parts, batch, context) as Scalar,
      learning.map(({ parameter }) => parameter.variable),
    );
    const gradients = learning.map(({ parameter }) => grads[parameter.variable.name] as Tensor | undefined);
    const norms = learningParts(learning).map((part) =>
      globalNorm(
        gradients.filter((gradient, index) => gradient && learning[index]!.part === part) as Tensor[],
      ),
    );
    // As torch.nn.utils.clip_grad_norm_.
    const gradientScale =
      clipNorm === undefined
        ? undefined
        : (minimum(1, div(scalar(clipNorm), add(globalNorm(norms), 1e-6))) as Scalar);
    optimizer.apply(gradients, step, rateScale, gradientScale);
    return stack([value, ...norms]); // [1 + parts]
  });
}
