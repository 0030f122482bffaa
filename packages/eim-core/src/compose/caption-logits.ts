import type { Injection, LanguageModel, ModelParts, Tensor1D, Tensor2D } from '@eim/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { encodePictures, type PassOptions, type PictureInput } from './encode-pictures.js';
import { injectPictures } from './inject-pictures.js';
import { predictingRows } from './predicting-rows.js';

export interface TextInput {
  /** `[R, T]` int32 */
  readonly ids: Tensor2D;
  /** `[R, T]`, 1 where `ids` is real */
  readonly mask: Tensor2D;
  /** `[N]` int32, flat indices into `[R * T]` of the tokens whose prediction is wanted. Absent: all of `[R, K + T]`. */
  readonly targetIndices?: Tensor1D | undefined;
}

/**
 * Logits of text tokens after what an ST put before them; without an injection, of text alone.
 * @returns `[N, V]`: row n predicts the token `targetIndices[n]`. Without `targetIndices` `[R * (K + T), V]`:
 * row by row what every position predicts next.
 */
export function textLogits(
  llm: LanguageModel,
  { ids, mask, targetIndices }: TextInput,
  { injection, training, random }: PassOptions & { readonly injection?: Injection | undefined } = {},
): Tensor2D {
  const [rowCount, textLength] = ids.shape;
  const prefix = injection?.prefix;
  const prefixLength = prefix?.embeddings.shape[1] ?? 0;
  const text = llm.embed(ids); // [R, T, H]
  const textMask = tf.cast(mask, 'float32'); // [R, T]
  const prefixMask = prefix && (prefix.mask ?? tf.ones<tf.Rank.R2>([rowCount, prefixLength])); // [R, K]
  const { logits } = llm.forward(prefix ? tf.concat([prefix.embeddings, text], 1) : text, {
    mask: prefixMask ? tf.concat([tf.cast(prefixMask, 'float32'), textMask], 1) : textMask, // [R, K+T]
    ...(injection && { injection }),
    ...(targetIndices && { select: predictingRows(targetIndices, rowCount, textLength, prefixLength) }),
    ...(training === undefined ? {} : { training }),
    ...(random === undefined ? {} : { random }),
  });
  return logits;
}

export interface CaptionInput extends PictureInput, TextInput {
  /** Consecutive rows that share a picture. @default 1 */
  readonly captionsPerPicture?: number | undefined;
}

/**
 * The whole model: pictures and the tokens of their captions to the logits of those tokens. A `Batch` fits.
 * @returns as {@link textLogits}
 */
export function captionLogits(parts: ModelParts, input: CaptionInput, options: PassOptions = {}): Tensor2D {
  const features = encodePictures(parts, input, options);
  const injection = injectPictures(parts.st, features, input.captionsPerPicture ?? 1, options);
  return textLogits(parts.llm, input, { ...options, injection });
}

/** The tokens to predict, `[N]` int32. */
export function targetIds(ids: Tensor2D, targetIndices: Tensor1D): Tensor1D {
  return tf.gather(tf.reshape(ids, [-1]) as Tensor1D, targetIndices);
}
