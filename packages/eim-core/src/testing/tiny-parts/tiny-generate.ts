import { EimError } from '@eim/contracts';
import type { GeneratedStep, GenerateRequest, KeyValueCache, LanguageModel } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** Greedy decoding of rows of one length, through the model's cache. The first index wins ties. */
export async function* generateGreedily(
  model: LanguageModel,
  request: GenerateRequest,
): AsyncGenerator<GeneratedStep> {
  if ((request.beams ?? 1) > 1 || (request.temperature ?? 0) > 0) {
    throw new EimError({
      code: 'invalid-argument',
      message: 'The tiny language model decodes greedily alone.',
    });
  }
  const [batch, promptLength] = request.embeddings.shape;
  const live = Array.from({ length: batch }, () => true);
  const promptMask = request.mask ? await request.mask.array() : undefined;
  let cache: KeyValueCache | undefined;
  let previous: readonly number[] | undefined;
  try {
    for (let step = 0; step < request.maxNewTokens && live.some(Boolean); step++) {
      request.signal?.throwIfAborted();
      let grown: KeyValueCache | undefined;
      const next = tf.tidy(() => {
        const embeddings = previous
          ? model.embed(tf.tensor2d([...previous], [batch, 1], 'int32'))
          : request.embeddings; // [B, T, H]
        const length = promptLength + step;
        const mask = promptMask
          ? tf.tensor2d(promptMask.map((row) => [...row, ...new Array(length - promptLength).fill(1)]))
          : undefined; // [B, S]
        const result = model.forward(embeddings, {
          useCache: true,
          ...(cache ? { cache } : {}),
          ...(mask ? { mask } : {}),
          ...(request.injection ? { injection: request.injection } : {}),
        });
        const width = embeddings.shape[1];
        const last = tf.range(width - 1, batch * width, width, 'int32');
        grown = result.cache;
        return tf.argMax(tf.gather(result.logits, last), 1) as tf.Tensor1D; // [B]
      });
      cache?.dispose();
      cache = grown;
      const chosen = Array.from(await next.data<'int32'>());
      next.dispose();
      const ids = chosen.map((id, row) => {
        if (request.stopTokens.includes(id)) live[row] = false;
        return live[row] ? [id] : [];
      });
      previous = chosen;
      yield { ids, done: !live.some(Boolean) || step + 1 === request.maxNewTokens };
    }
  } finally {
    cache?.dispose();
  }
}
