import type { Batch, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { meanTokenLoss } from './mean-token-loss.js';
import { type PredictedTargets, predictTargets } from './predict-targets.js';

export const languageOptionsSchema = z.strictObject({
  /** Share of the target distribution spread over the whole vocabulary. @default 0 */
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /**
   * Text positions start where they will start behind the ST's prefix, so that learned position embeddings
   * are trained where they are used. @default true
   */
  leaveRoomForPrefix: z.boolean().default(true),
});

export type LanguageOptions = z.output<typeof languageOptionsSchema>;

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
    runsRowsOnce: true,
    loss(parts, batch, context) {
      const { logits, targets, weights } = predict(parts, batch, context);
      context.weigh?.(sum(weights));
      return crossEntropy(logits, targets, weights, options.labelSmoothing);
    },
    evaluate(parts, batches, context) {
      return meanTokenLoss(batches, (batch) => predict(parts, batch, context), context);
    },
  };
}
