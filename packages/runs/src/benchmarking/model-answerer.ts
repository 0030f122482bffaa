import type { Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { answerAll, picturePixels } from '@eim/core';
import { createRandomStream } from '@eim/engine';
import { decodePicture } from '@eim/images/node';
import type { Decoding } from '../evaluation/decoding.js';
import type { Answerer } from './answer-items.js';

export interface ModelAnswererOptions {
  readonly model: ModelParts;
  readonly tokenizer: Tokenizer;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  readonly batchSize: number;
}

/**
 * A model that answers batches. An item without a picture is asked as text alone. Where tokens are sampled, each item has a random stream of
 * its own, made of the seed and the item's name, so an answer depends neither on the batch nor on the shard.
 */
export function modelAnswerer({
  model,
  tokenizer,
  decoding: { seed, ...choice },
  maxNewTokens,
  batchSize,
}: ModelAnswererOptions): Answerer {
  return {
    batchSize: choice.temperature > 0 ? 1 : batchSize,
    async answer(questions, signal) {
      const decoded = await Promise.all(
        questions.flatMap(({ bytes, item }) => (bytes ? [decodePicture(bytes, item.picture!)] : [])),
      );
      const pixels = decoded.length > 0 ? picturePixels(decoded, model.encoder.preprocessing) : undefined; // [P, H, W, 3]
      let shown = 0;
      try {
        const answers = await answerAll(
          model,
          questions.map(({ prompt, bytes }) => ({ prompt, ...(bytes && { picture: shown++ }) })),
          {
            ...choice,
            random: createRandomStream(`${seed} ${questions[0]!.item.id}`),
            pictures: pixels && { pixels },
            tokenizer,
            maxNewTokens,
            signal,
          },
        );
        return answers.map(({ text }) => text.trim());
      } finally {
        pixels?.dispose();
      }
    },
  };
}
