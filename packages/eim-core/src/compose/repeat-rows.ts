import type { EncodedImages, Injection } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** Each row `times` times in a row: `[P, ...]` to `[P * times, ...]`. */
export function repeatRows<T extends tf.Tensor>(tensor: T, times: number): T {
  if (times === 1) return tensor;
  const [rows, ...rest] = tensor.shape as [number, ...number[]];
  const flat = tf.reshape(tensor, [rows, 1, -1]); // [P, 1, X]
  return tf.reshape(tf.tile(flat, [1, times, 1]), [rows * times, ...rest]) as T;
}

/** Features of P pictures as features of `P * times` rows. */
export function repeatFeatures(features: EncodedImages, times: number): EncodedImages {
  if (times === 1) return features;
  const repeated = {
    pooled: repeatRows(features.pooled, times),
    tokens: repeatRows(features.tokens, times),
  };
  if (!features.hidden) return repeated;
  const hidden = [...features.hidden].map(([block, tensor]) => [block, repeatRows(tensor, times)] as const);
  return { ...repeated, hidden: new Map(hidden) };
}

/** Prefix and layer prompts of P pictures for `P * times` rows. Adapters act on any number of rows. */
export function repeatInjection(injection: Injection, times: number): Injection {
  if (times === 1) return injection;
  const { prefix, layerPrompts, ...rest } = injection;
  return {
    ...rest,
    ...(prefix && {
      prefix: {
        ...prefix,
        embeddings: repeatRows(prefix.embeddings, times),
        ...(prefix.mask && { mask: repeatRows(prefix.mask, times) }),
      },
    }),
    ...(layerPrompts && {
      layerPrompts: layerPrompts.map((prompt) =>
        prompt.prompts.shape[0] === 1 ? prompt : { ...prompt, prompts: repeatRows(prompt.prompts, times) },
      ),
    }),
  };
}
