import type { LanguageModel } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** How the ids of another program lie to a model's own logits. */
export interface GreedyAgreement {
  readonly tokens: number;
  /** Ids that are the model's likeliest ones too. */
  readonly equal: number;
  /** How far the chosen ids lie below the likeliest, in logits: the largest of all. 0 where all are equal. */
  readonly largestGap: number;
}

/** Gives the model a prompt with another program's continuation, and looks at what it finds likeliest at each place. */
export function compareGreedy(
  model: LanguageModel,
  prompt: readonly number[],
  continuation: readonly number[],
): GreedyAgreement {
  const ids = [...prompt, ...continuation.slice(0, -1)];
  const gaps = tf.tidy(() => {
    const { logits } = model.forward(model.embed(tf.tensor2d([ids], [1, ids.length], 'int32'))); // [T, V]
    const answers = tf.slice(logits, [prompt.length - 1, 0], [continuation.length, -1]); // [A, V]
    const chosen = tf.sum(
      tf.mul(answers, tf.oneHot(tf.tensor1d([...continuation], 'int32'), model.vocabularySize)),
      1,
    );
    return tf.sub(tf.max(answers, 1), chosen).dataSync(); // [A]
  });
  return {
    tokens: gaps.length,
    equal: gaps.filter((gap) => gap === 0).length,
    largestGap: Math.max(...gaps),
  };
}
