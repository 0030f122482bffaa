import type { Picture, Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { answerAll, picturePixels } from '@eim/core';
import { type Decoding, decodingRequest } from './decoding.js';

export interface CaptionPicturesOptions {
  readonly batchSize: number;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model's captions of pictures, in their order. */
export async function captionPictures(
  model: ModelParts,
  tokenizer: Tokenizer,
  pictures: readonly Pick<Picture, 'load'>[],
  { batchSize, decoding, maxNewTokens, signal, onProgress }: CaptionPicturesOptions,
): Promise<string[]> {
  const captions: string[] = [];
  const chosen = decodingRequest(decoding); // one random stream over all batches
  for (let start = 0; start < pictures.length; start += batchSize) {
    signal.throwIfAborted();
    const batch = await Promise.all(
      pictures.slice(start, start + batchSize).map((picture) => picture.load()),
    );
    const pixels = picturePixels(batch, model.encoder.preprocessing); // [P, H, W, 3]
    try {
      const answers = await answerAll(
        model,
        batch.map((_, picture) => ({ picture })),
        { ...chosen, pictures: { pixels }, tokenizer, maxNewTokens, signal },
      );
      captions.push(...answers.map(({ text }) => text.trim()));
    } finally {
      pixels.dispose();
    }
    onProgress?.(captions.length, pictures.length);
  }
  return captions;
}
