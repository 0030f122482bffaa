import type {
  EncodedImages,
  ImageEncoderShape,
  Injection,
  SemanticTransform,
  Tensor,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { embedding } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { RowLayout } from './transform-context.js';

/** `[P, ...]` to `[R, ...]`: each row gets its picture's values. Rows of text get those of some picture; see {@link featuresOfRows}. */
export function ofRows<T extends Tensor>(tensor: T, { rowCount, rowPictures, rowsPerPicture }: RowLayout): T {
  if (rowsPerPicture === 1) return tensor;
  const [pictures, ...rest] = tensor.shape as [number, ...number[]];
  const shape = [rowCount, ...rest];
  if (rowsPerPicture !== undefined) {
    const flat = tf.reshape(tensor, [pictures, 1, -1]); // [P, 1, X]
    return tf.reshape(tf.tile(flat, [1, rowsPerPicture, 1]), shape) as T;
  }
  const flat = tf.reshape(tensor, [pictures, -1]) as Tensor2D; // [P, X]
  return tf.reshape(embedding(flat, rowPictures!), shape) as T;
}

/** Features of P pictures as features of R rows; zeros for a row without a picture. */
export function featuresOfRows(features: EncodedImages, rows: RowLayout): EncodedImages {
  const real = rows.modality && tf.cast(rows.modality, 'float32'); // [R]
  const expand = <T extends Tensor>(tensor: T): T => {
    const expanded = ofRows(tensor, rows);
    if (!real) return expanded;
    return tf.mul(expanded, tf.reshape(real, [rows.rowCount, ...tensor.shape.slice(1).map(() => 1)])) as T;
  };
  return mapFeatures(features, expand);
}

/**
 * Features of P pictures as features of R rows; those of the blank picture for a row without one.
 * @param features absent where no row shows a picture
 * @param blank of one picture
 */
export function featuresBesideBlanks(
  features: EncodedImages | undefined,
  blank: EncodedImages,
  rows: RowLayout,
): EncodedImages {
  const { rowCount, modality } = rows;
  const everywhere = mapFeatures(
    blank,
    <T extends Tensor>(tensor: T) => tf.tile(tensor, [rowCount, ...tensor.shape.slice(1).map(() => 1)]) as T,
  );
  if (!features) return everywhere;
  const shown = featuresOfRows(features, rows);
  if (!modality) return shown;
  const add = <T extends Tensor>(own: T, other: T | undefined): T => {
    const hidden = tf.reshape(tf.sub(1, tf.cast(modality, 'float32')), [
      rowCount,
      ...own.shape.slice(1).map(() => 1),
    ]);
    return tf.add(own, tf.mul(other!, hidden));
  };
  const { pooled, tokens, hidden } = shown;
  return {
    ...(pooled && { pooled: add(pooled, everywhere.pooled) }),
    ...(tokens && { tokens: add(tokens, everywhere.tokens) }),
    ...(hidden && {
      hidden: new Map(
        [...hidden].map(([block, tensor]) => [block, add(tensor, everywhere.hidden?.get(block))]),
      ),
    }),
  };
}

/** Applies a function to every output of an encoder. */
export function mapFeatures(
  { pooled, tokens, hidden }: EncodedImages,
  change: <T extends Tensor>(tensor: T) => T,
): EncodedImages {
  return {
    ...(pooled && { pooled: change(pooled) }),
    ...(tokens && { tokens: change(tokens) }),
    ...(hidden && { hidden: new Map([...hidden].map(([block, tensor]) => [block, change(tensor)])) }),
  };
}

/** The features that an ST reads for rows without a picture. */
export function zeroFeatures(
  encoder: ImageEncoderShape,
  { reads, hiddenLayers }: SemanticTransform,
  rows: number,
): EncodedImages {
  const { pooledSize, tokenCount, tokenSize } = encoder;
  const tokens = ([count, width]: readonly [number, number]): Tensor3D => tf.zeros([rows, count, width]); // [R, N, D]
  return {
    ...(reads.includes('pooled') && { pooled: tf.zeros<tf.Rank.R2>([rows, pooledSize]) }), // [R, D]
    ...(reads.includes('tokens') && { tokens: tokens([tokenCount, tokenSize]) }),
    ...(hiddenLayers && {
      hidden: new Map(hiddenLayers.map((block) => [block, tokens(hiddenShapeOf(encoder, block))])),
    }),
  };
}

/** `[N, D]` of an encoder's output after a block. */
export const hiddenShapeOf = (
  encoder: ImageEncoderShape,
  block: number,
): readonly [tokens: number, width: number] =>
  encoder.hiddenShape?.(block) ?? [encoder.tokenCount, encoder.tokenSize];

/** Prefix and layer prompts of P pictures for R rows that all show one. Adapters act on any number of rows. */
export function injectionOfRows(injection: Injection, rows: RowLayout): Injection {
  const { prefix, layerPrompts, ...rest } = injection;
  return {
    ...rest,
    ...(prefix && {
      prefix: {
        ...prefix,
        embeddings: ofRows(prefix.embeddings, rows),
        ...(prefix.mask && { mask: ofRows(prefix.mask, rows) }),
      },
    }),
    ...(layerPrompts && {
      layerPrompts: layerPrompts.map((prompt) =>
        prompt.prompts.shape[0] === 1 ? prompt : { ...prompt, prompts: ofRows(prompt.prompts, rows) },
      ),
    }),
  };
}
