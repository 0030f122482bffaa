import type { Injection, Tensor2D, Tensor3D, TransformContext } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows as a prefix. It has no mask: `@eim/core` hides it in the rows that have no picture.
 * @param rows `[B*K, hiddenSize]`, or `[B, K*hiddenSize]`
 */
export function prefixInjection(rows: Tensor2D, slots: number, { batch }: TransformContext): Injection {
  const embeddings: Tensor3D = tf.reshape(rows, [batch, slots, rows.size / (batch * slots)]); // [B, K, D]
  return { prefix: { embeddings } };
}
