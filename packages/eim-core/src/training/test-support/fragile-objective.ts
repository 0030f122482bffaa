import type { ModelParts, Tensor } from '@eim/contracts/model';
import {
  any,
  customGrad,
  equal,
  greater,
  logicalOr,
  max,
  mul,
  type Scalar,
  scalar,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { createCaptionObjective } from '../objectives/caption-objective.js';
import type { ObjectiveEntry } from '../run/train-options.js';

export interface Fragility {
  /** Rows of the split whose batches fail. */
  readonly rows?: readonly number[];
  /** Greatest weight of the LLM that does not fail. */
  readonly greatestWeight?: number;
  /** What is not finite then. @default 'loss' */
  readonly in?: 'loss' | 'gradient';
}

/** The caption objective, but for numbers that are not finite where it is asked for. Pure, so that it can be recorded. */
export function fragileObjective(fragility: Fragility): ObjectiveEntry {
  return {
    presets: {},
    optionsSchema: { safeParse: () => ({ success: true, data: {} }) } as never,
    create: () => {
      const caption = createCaptionObjective({ labelSmoothing: 0 });
      return {
        ...caption,
        loss(parts, batch, context) {
          const factor = failure(parts, batch.rowIndices, fragility);
          return scaled(caption.loss(parts, batch, context) as Scalar, factor, fragility.in);
        },
      };
    },
  };
}

/** NaN where the step fails, else 1; a constant to everything that differentiates. */
function failure({ llm }: ModelParts, rowIndices: Tensor, { rows = [], greatestWeight }: Fragility): Scalar {
  const found = (weights: readonly Tensor[]): Tensor => {
    const byRow = rows.map((row) => any(equal(rowIndices, row)));
    const byWeight = weights.map((weight) => greater(max(weight), greatestWeight!));
    return [...byRow, ...byWeight].reduce((one, other) => logicalOr(one, other), any(equal(rowIndices, -1)));
  };
  const factor = (weights: readonly Tensor[]) =>
    where(found(weights), scalar(Number.NaN), scalar(1)) as Scalar;
  if (greatestWeight === undefined) return factor([]);
  const op = customGrad((...given) => {
    const weights = given.slice(0, -1) as Tensor[];
    return { value: factor(weights), gradFunc: () => weights.map((weight) => zerosLike(weight)) };
  });
  return op(...llm.parameters().map(({ variable }) => variable)) as Scalar;
}

/** The loss times a factor, or the loss with its gradient times that factor. */
function scaled(loss: Scalar, factor: Scalar, place: Fragility['in']): Scalar {
  if (place !== 'gradient') return mul(loss, factor);
  const op = customGrad((value, save) => {
    (save as (tensors: Tensor[]) => void)([factor]);
    return {
      value: (value as Scalar).clone(),
      gradFunc: (dy: Tensor, saved: Tensor[]) => mul(dy, saved[0]!),
    };
  });
  return op(loss) as Scalar;
}
