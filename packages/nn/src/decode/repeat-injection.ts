import type { Injection } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** The injection for rows that are copies of the rows `indices`; tensors that are alike for all rows stay. */
export function repeatInjection(injection: Injection, rows: number, indices: readonly number[]): Injection {
  if (injection.layerPrompts === undefined) return injection;
  const layerPrompts = injection.layerPrompts.map((prompt) =>
    prompt.prompts.shape[0] === rows && rows > 1
      ? { ...prompt, prompts: tf.gather(prompt.prompts, tf.tensor1d([...indices], 'int32')) } // [N, K, D]
      : prompt,
  );
  return { ...injection, layerPrompts };
}
