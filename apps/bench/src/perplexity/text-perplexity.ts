import type { LanguageModel } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** Of a text. */
export interface TextPerplexity {
  readonly perplexity: number;
  readonly standardError: number;
}

/**
 * e to the mean negative log-likelihood of every token behind those before it in its window.
 * @param window tokens that are read at a time
 */
export async function textPerplexity(
  model: LanguageModel,
  ids: readonly number[],
  window: number,
): Promise<TextPerplexity> {
  let [sum, squares, count] = [0, 0, 0];
  for (let start = 0; start + 1 < ids.length; start += window) {
    const piece = ids.slice(start, start + window);
    if (piece.length < 2) break;
    const losses = tf.tidy(() => {
      const { logits } = model.forward(model.embed(tf.tensor2d([piece], [1, piece.length], 'int32'))); // [T, V]
      const logs = tf.logSoftmax(tf.slice(logits, [0, 0], [piece.length - 1, -1])); // [T - 1, V]
      const next = tf.oneHot(tf.tensor1d(piece.slice(1), 'int32'), model.vocabularySize); // [T - 1, V]
      return tf.neg(tf.sum(tf.mul(logs, next), 1)); // [T - 1]
    });
    for (const loss of await losses.data()) {
      sum += loss;
      squares += loss * loss;
      count++;
    }
    losses.dispose();
  }
  const mean = sum / count;
  const perplexity = Math.exp(mean);
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { perplexity, standardError: (perplexity * deviation) / Math.sqrt(count) };
}
