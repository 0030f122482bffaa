import type { Batch, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { encodePictures } from '../../compose/encode-pictures.js';
import { injectRows } from '../../compose/inject-rows.js';
import type { CaptionObjectiveOptions } from './caption-options.js';
import { meanTokenLoss } from './mean-token-loss.js';
import { type PredictedTargets, predictTargets } from './predict-targets.js';

function predict(parts: ModelParts, batch: Batch, context: ObjectiveContext): PredictedTargets {
  const features = batch.pictureCount > 0 ? encodePictures(parts, batch, context) : undefined;
  const injection = injectRows(parts, features, batch, context);
  return predictTargets(parts.llm, batch, context, { injection });
}

/** Cross-entropy of the answers' tokens (captions, too) through encoder, ST and LLM. Held out: `loss`, `perplexity`. */
export function createCaptionObjective({ labelSmoothing }: CaptionObjectiveOptions): Objective {
  return {
    name: 'caption',
    uses: { encoder: true, st: true, llm: true },
    loss(parts, batch, context) {
      const { logits, targets, weights } = predict(parts, batch, context);
      return crossEntropy(logits, targets, weights, labelSmoothing);
    },
    evaluate(parts, batches, context) {
      return meanTokenLoss(batches, (batch) => predict(parts, batch, context));
    },
  };
}
