import type { Injection, LanguageModel, ModelParts, Tensor1D, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { encodePictures, type PictureInput } from './encode-pictures.js';
import { injectRows } from './inject-rows.js';
import { hasBegin, joinPrefix } from './join-prefix.js';
import { picturesInRowOrder } from './pictures-in-row-order.js';
import { predictingRows } from './predicting-rows.js';
import type { PassOptions, RowLayout } from './transform-context.js';

export interface TextInput {
  /** `[R, T]` int32 */
  readonly ids: Tensor2D;
  /** `[R, T]`, 1 where `ids` is real */
  readonly mask: Tensor2D;
  /** `[N]` int32, flat indices into `[R * T]` of the tokens whose prediction is wanted. Absent: all of `[R, K + T]`. */
  readonly targetIndices?: Tensor1D | undefined;
}

export interface TextOptions extends PassOptions {
  /** What the ST puts into the LLM. Absent: text alone. */
  readonly injection?: Injection | undefined;
  /**
   * Position of the first text token if there is no prefix, so that learned position embeddings are trained at the
   * positions where they will be used. @default 0
   */
  readonly firstPosition?: number | undefined;
}

/**
 * Teacher forcing: logits of text tokens after the ST's prefix, or of text alone.
 * @returns `[N, V]`: row n predicts the token `targetIndices[n]`. Without `targetIndices` `[R * (K + T), V]`:
 * what each position predicts next.
 * @example
 * const logits = textLogits(llm, { ids, mask, targetIndices }); // [N, V], text alone
 */
export function textLogits(llm: LanguageModel, input: TextInput, options: TextOptions = {}): Tensor2D {
  const { injection, firstPosition = 0, training, random } = options;
  const { targetIndices } = input;
  const [rowCount, textLength] = input.ids.shape;
  // The last slot predicts no token that is wanted.
  const read = targetIndices ? textLength - 1 : textLength;
  const ids = tf.slice(input.ids, [0, 0], [rowCount, read]); // [R, T']
  const textMask = tf.cast(tf.slice(input.mask, [0, 0], [rowCount, read]), 'float32'); // [R, T']
  const text = llm.embed(ids); // [R, T', H]
  const prefix = injection?.prefix;
  const prefixLength = prefix?.embeddings.shape[1] ?? 0;
  const prefixMask = prefix && (prefix.mask ?? tf.ones<tf.Rank.R2>([rowCount, prefixLength])); // [R, K]
  const joined = injection && joinPrefix(injection, hasBegin(llm));
  const mask = prefixMask ? joined!.join(tf.cast<Tensor2D>(prefixMask, 'float32'), textMask) : textMask; // [R, K+T']
  const shifted = !prefix && firstPosition > 0;
  const { logits } = llm.forward(prefix ? joined!.join(prefix.embeddings, text) : text, {
    mask: mask as Tensor2D,
    ...(joined && { injection: joined.injection }),
    ...(shifted && { positions: positionsFrom(firstPosition, rowCount, read) }),
    ...(prefix?.mask && { positions: positionsOfReal(mask as Tensor2D) }),
    ...(targetIndices && { select: predictingRows(targetIndices, rowCount, textLength, prefixLength) }),
    ...(training === undefined ? {} : { training }),
    ...(random === undefined ? {} : { random }),
  });
  return logits;
}

/** `[R, T]` int32: the same consecutive positions in each row. */
function positionsFrom(first: number, rowCount: number, length: number): Tensor2D {
  const positions = Array.from({ length: rowCount * length }, (_, index) => first + (index % length));
  return tf.tensor2d(positions, [rowCount, length], 'int32');
}

/** `[R, S]` int32: real slots are numbered from 0, as they are when the row is answered; hidden ones get 0. */
function positionsOfReal(mask: Tensor2D): Tensor2D {
  return tf.cast(tf.mul(mask, tf.sub(tf.cumsum(mask, 1), 1)), 'int32') as Tensor2D;
}

/** Rows, their pictures and their tokens. A `Batch` fits. */
export type RowInput = PictureInput & TextInput & RowLayout & { readonly ids: Tensor2D };

/**
 * Runs the whole model, from pictures and the tokens of rows to logits.
 * @returns as {@link textLogits}
 * @example
 * const rows = { pixels, ids, mask, targetIndices, ...onePictureEach(16) };
 * const logits = rowLogits(parts, rows); // [N, V]
 */
export function rowLogits(parts: ModelParts, input: RowInput, options: PassOptions = {}): Tensor2D {
  const rows = picturesInRowOrder(parts, input);
  const features = rows.pictureCount > 0 ? encodePictures(parts, rows, options) : undefined;
  const injection = injectRows(parts, features, rows, options);
  return textLogits(parts.llm, input, { ...options, injection });
}

/**
 * The tokens to predict, `[N]` int32.
 * @example
 * const loss = crossEntropy(rowLogits(parts, batch), targetIds(batch.ids, batch.targetIndices), batch.targetWeights);
 */
export function targetIds(ids: Tensor2D, targetIndices: Tensor1D): Tensor1D {
  return tf.gather(tf.reshape(ids, [-1]) as Tensor1D, targetIndices);
}
