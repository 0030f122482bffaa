import type { Batch, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import type { LanguageOptions } from './language-options.js';
import { meanTokenLoss } from './mean-token-loss.js';
import { type PredictedTargets, predictTargets } from './predict-targets.js';

/**
 * Language modelling of the target texts with the LLM alone (the domain stage of ULMFiT, Howard & Ruder
 * 2018, section 3.2; text-only captioning in CapDec). Held out: `loss`, `perplexity`.
 */
export function createLanguageObjective(options: LanguageOptions): Objective {
  const predict = ({ llm, st }: ModelParts, batch: Batch, context: ObjectiveContext): PredictedTargets =>
    predictTargets(llm, batch, context, { firstPosition: options.leaveRoomForPrefix ? st.prefixLength : 0 });
  return {
    name: 'language',
    uses: { encoder: false, st: false, llm: true },
    loss(parts, batch, context) {
      const { logits, targets, weights } = predict(parts, batch, context);
      return crossEntropy(logits, targets, weights, options.labelSmoothing);
    },
    evaluate(parts, batches, context) {
      return meanTokenLoss(batches, (batch) => predict(parts, batch, context));
    },
  };
}
