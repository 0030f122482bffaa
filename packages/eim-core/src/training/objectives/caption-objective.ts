import type { Batch, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { cast, mul, notEqual, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { encodePictures } from '../../compose/encode-pictures.js';
import { injectRows } from '../../compose/inject-rows.js';
import { picturesInRowOrder } from '../../compose/pictures-in-row-order.js';
import { meanTokenLoss } from './mean-token-loss.js';
import { type PredictedTargets, predictTargets } from './predict-targets.js';

export const captionObjectiveOptionsSchema = z.strictObject({
  /** Share of the target distribution spread over the whole vocabulary. @default 0 */
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /** What published programs do otherwise than meant. */
  compat: z
    .strictObject({
      /**
       * Ids that are predicted nowhere, inside answers neither: ClipCap fills rows up with id 0, GPT-2's "!", and leaves it out of the
       * loss wherever it stands: `[0]`. @default []
       */
      unsupervisedIds: z.array(z.int().min(0)).readonly().default([]),
    })
    .prefault({}),
});

export type CaptionObjectiveOptions = z.output<typeof captionObjectiveOptionsSchema>;
export type CaptionObjectiveOptionsInput = z.input<typeof captionObjectiveOptionsSchema>;

/** Teacher forcing over a batch through encoder, ST and LLM. */
export function predictAnswers(parts: ModelParts, batch: Batch, context: ObjectiveContext): PredictedTargets {
  const rows = picturesInRowOrder(parts, batch);
  const features = rows.pictureCount > 0 ? encodePictures(parts, rows, context) : undefined;
  const injection = injectRows(parts, features, rows, context);
  return predictTargets(parts.llm, batch, context, { injection });
}

/** Cross-entropy of the answers' tokens (captions, too) through encoder, ST and LLM. Held out: `loss`, `perplexity`. */
export function createCaptionObjective({
  labelSmoothing = 0,
  compat: { unsupervisedIds = [] } = {},
}: CaptionObjectiveOptionsInput): Objective {
  const predict = (parts: ModelParts, batch: Batch, context: ObjectiveContext): PredictedTargets =>
    withoutIds(predictAnswers(parts, batch, context), unsupervisedIds);
  return {
    name: 'caption',
    uses: { encoder: true, st: true, llm: true },
    runsRowsOnce: true,
    loss(parts, batch, context) {
      const { logits, targets, weights } = predict(parts, batch, context);
      context.weigh?.(sum(weights));
      return crossEntropy(logits, targets, weights, labelSmoothing);
    },
    evaluate(parts, batches, context) {
      return meanTokenLoss(batches, (batch) => predict(parts, batch, context), context);
    },
  };
}

/** These ids count nothing. */
function withoutIds(predicted: PredictedTargets, ids: readonly number[]): PredictedTargets {
  const { targets } = predicted;
  const weights = ids.reduce(
    (kept, id) => mul(kept, cast(notEqual(targets, id), 'float32')), // [N]
    predicted.weights,
  );
  return { ...predicted, weights };
}
