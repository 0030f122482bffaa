import type { Batch, EvaluationContext, Tensor } from '@eim/contracts/model';
import { crossEntropy } from '@eim/engine';
import { mul, stack, sum, tidy } from '@tensorflow/tfjs-core';
import { PictureLosses, type TargetLosses } from './picture-losses.js';
import type { PredictedTargets } from './predict-targets.js';

/**
 * Held-out loss over many batches: each counts by its targets, so the result is the mean over all tokens.
 * @param context of the evaluation; where it asks for single pictures, it gets the `loss` of each
 * @returns `loss` in nats a token (no label smoothing) and `perplexity`, its exponential
 */
export async function meanTokenLoss(
  batches: AsyncIterable<Batch>,
  predict: (batch: Batch) => PredictedTargets,
  { rows, each }: Pick<EvaluationContext, 'rows' | 'each'> = {},
): Promise<{ loss: number; perplexity: number }> {
  let total = 0;
  let weight = 0;
  const pictures = each && new PictureLosses(rows);
  for await (const batch of batches) {
    const [pair, ...single] = tidy((): Tensor[] => {
      const predicted = predict(batch);
      const { logits, targets, weights } = predicted;
      const count = sum(weights);
      const pair = stack([mul(crossEntropy(logits, targets, weights, 0), count), count]); // [2]
      return [pair, ...(pictures?.ofTargets(predicted) ?? [])];
    });
    const [batchTotal, batchWeight] = await pair!.data();
    pair!.dispose();
    await pictures?.add(batch, single as TargetLosses);
    total += batchTotal!;
    weight += batchWeight!;
  }
  const loss = total / Math.max(1, weight);
  if (pictures) each!('loss', pictures.values());
  return { loss, perplexity: Math.exp(loss) };
}
