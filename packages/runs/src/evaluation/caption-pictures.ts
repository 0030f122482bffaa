import type { CaptionedPicture, Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { generateCaptions } from '@eim/core';
import { preprocess } from '@eim/images';
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import { type Decoding, decodingRequest } from './decoding.js';

export interface CaptionPicturesOptions {
  readonly batchSize: number;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a model says of pictures, in their order. */
export async function captionPictures(
  model: ModelParts,
  tokenizer: Tokenizer,
  pictures: readonly Pick<CaptionedPicture, 'load'>[],
  { batchSize, decoding, maxNewTokens, signal, onProgress }: CaptionPicturesOptions,
): Promise<string[]> {
  const { preprocessing } = model.encoder;
  const side = preprocessing.imageSize;
  const captions: string[] = [];
  const chosen = decodingRequest(decoding); // one random stream over all batches
  const room = model.llm.contextLength - model.st.prefixLength - 1;
  for (let start = 0; start < pictures.length; start += batchSize) {
    signal.throwIfAborted();
    const batch = pictures.slice(start, start + batchSize);
    const values = new Float32Array(batch.length * side * side * 3);
    for (const [index, picture] of batch.entries()) {
      values.set(preprocess(await picture.load(), preprocessing), index * side * side * 3);
    }
    const pixels = tensor4d(values, [batch.length, side, side, 3]) as Tensor4D; // [P, H, W, 3]
    try {
      const request = { ...chosen, maxNewTokens: Math.min(maxNewTokens, room), signal };
      captions.push(...(await generateCaptions(model, { pixels }, request, tokenizer)));
    } finally {
      pixels.dispose();
    }
    onProgress?.(captions.length, pictures.length);
  }
  return captions;
}
