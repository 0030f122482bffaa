import type { Batch, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { encodePictures } from '../../compose/encode-pictures.js';
import { injectPictures } from '../../compose/inject-pictures.js';
import type { CaptionOptions } from './caption-options.js';
import { meanTokenLoss } from './mean-token-loss.js';
import { type PredictedTargets, predictTargets } from './predict-targets.js';

function predict(parts: ModelParts, batch: Batch, context: ObjectiveContext): PredictedTargets {
  const features = encodePictures(parts, batch, context);
  const injection = injectPictures(parts.st, features, batch.captionsPerPicture, context);
  return predictTargets(parts.llm, batch, context, { injection });
}

/** Cross-entropy of the caption's tokens through encoder, ST and LLM. Held out: `loss`, `perplexity`. */
export function createCaptionObjective({ labelSmoothing }: CaptionOptions): Objective {
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
