import type { Batch } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { mul, stack, sum, tidy } from '@tensorflow/tfjs-core';
import type { PredictedTargets } from './predict-targets.js';

/**
 * Held-out loss over many batches: each counts by its targets, so the result is the mean over all tokens.
 * @returns `loss` in nats a token (no label smoothing) and `perplexity`, its exponential
 */
export async function meanTokenLoss(
  batches: AsyncIterable<Batch>,
  predict: (batch: Batch) => PredictedTargets,
): Promise<{ loss: number; perplexity: number }> {
  let total = 0;
  let weight = 0;
  for await (const batch of batches) {
    const pair = tidy(() => {
      const { logits, targets, weights } = predict(batch);
      const count = sum(weights);
      return stack([mul(crossEntropy(logits, targets, weights, 0), count), count]);
    }); // [2]
    const [batchTotal, batchWeight] = await pair.data();
    pair.dispose();
    total += batchTotal!;
    weight += batchWeight!;
  }
  const loss = total / Math.max(1, weight);
  return { loss, perplexity: Math.exp(loss) };
}
