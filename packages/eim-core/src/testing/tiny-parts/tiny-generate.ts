import { EimError } from '@eim/contracts';
import type { GeneratedStep, GenerateRequest, KeyValueCache, LanguageModel } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Greedy decoding, the first index winning ties, or sampling, through the model's cache, of rows that may be filled up
 * anywhere.
 */
export async function* generateTinily(
  model: LanguageModel,
  request: GenerateRequest,
): AsyncGenerator<GeneratedStep> {
  const { embeddings, injection, signal, stopTokens, temperature = 0, random } = request;
  if ((request.beams ?? 1) > 1 || request.topK !== undefined || request.topP !== undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: 'The tiny language model knows no beams, and draws from all of its words.',
    });
  }
  const [batch, slots] = embeddings.shape;
  const masks: number[][] = request.mask
    ? await request.mask.array()
    : Array.from({ length: batch }, () => new Array(slots).fill(1));
  const left = masks.map((mask) => Math.min(request.maxNewTokens, model.contextLength - sum(mask) + 1));
  let cache: KeyValueCache | undefined;
  let previous: readonly number[] | undefined;
  try {
    for (;;) {
      signal?.throwIfAborted();
      let grown: KeyValueCache | undefined;
      const next = tf.tidy(() => {
        const read = previous ? model.embed(tf.tensor2d([...previous], [batch, 1], 'int32')) : embeddings; // [B, T, H]
        const width = read.shape[1];
        const positions = masks.map((mask) => positionsOf(mask, model.contextLength).slice(-width));
        const last = masks.map((mask, row) => row * width + (previous ? 0 : mask.lastIndexOf(1)));
        const result = model.forward(read, {
          useCache: true,
          mask: tf.tensor2d(masks), // [B, S]
          positions: tf.tensor2d(positions, undefined, 'int32'), // [B, T]
          ...(cache && { cache }),
          ...(injection && { injection }),
        });
        grown = result.cache;
        const logits = tf.gather(result.logits, tf.tensor1d(last, 'int32')); // [B, V]
        if (temperature === 0 || !random) return tf.argMax(logits, 1) as tf.Tensor1D; // [B]
        const draws = random.uniformTensor([batch, 1]); // [B, 1]
        const below = tf.lessEqual(tf.cumsum(tf.softmax(tf.div(logits, temperature)), 1), draws); // [B, V]
        return tf.minimum(tf.sum(below, 1), model.vocabularySize - 1) as tf.Tensor1D; // [B]
      });
      cache?.dispose();
      cache = grown;
      const chosen = Array.from(await next.data<'int32'>());
      next.dispose();
      const ids = chosen.map((id, row) => {
        if (stopTokens.includes(id)) left[row] = 0;
        if (left[row]! <= 0) return [];
        left[row]! -= 1;
        return [id];
      });
      previous = chosen;
      for (const mask of masks) mask.push(1);
      const done = left.every((count) => count <= 0);
      yield { ids, done };
      if (done) return;
    }
  } finally {
    cache?.dispose();
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Real slots count on from 0, the others stand at 0; a row that has ended stays inside the context. */
function positionsOf(mask: readonly number[], contextLength: number): number[] {
  let next = 0;
  return mask.map((real) => (real ? Math.min(next++, contextLength - 1) : 0));
}
