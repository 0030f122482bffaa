import type { EncodedImages, Injection, ModelParts, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { featuresOfRows, injectionOfRows, zeroFeatures } from './expand-rows.js';
import {
  allHavePictures,
  type PassOptions,
  pictureContext,
  type RowLayout,
  rowContext,
} from './transform-context.js';

/** What the ST makes of pictures, one row each. */
export function injectPictures(
  parts: ModelParts,
  features: EncodedImages,
  pictures: number,
  options: PassOptions = {},
): Injection {
  return parts.st.transform(features, pictureContext(parts, pictures, options));
}

/**
 * What the ST puts into the LLM for rows. It runs once a picture where every row shows one and nothing of a row matters;
 * else once a row: where rows of text stand among them, where it reads prompts, and where it returns adapters, which may
 * route by row. A prefix is hidden in rows of text, unless the ST has given it a mask of its own.
 * @param features of the pictures; absent where no row shows one
 */
export function injectRows(
  parts: ModelParts,
  features: EncodedImages | undefined,
  rows: RowLayout,
  options: PassOptions = {},
): Injection {
  const { st, encoder } = parts;
  if (features && allHavePictures(rows) && !st.readsPrompts) {
    const injection = injectPictures(parts, features, rows.pictureCount, options);
    if (rows.rowsPerPicture === 1) return injection;
    if (!injection.blockAdapters) return injectionOfRows(injection, rows);
  }
  const ofRows = features ? featuresOfRows(features, rows) : zeroFeatures(encoder, st, rows.rowCount);
  const context = rowContext(parts, rows, options);
  const injection = st.transform(ofRows, context);
  const { prefix } = injection;
  if (!prefix || prefix.mask || allHavePictures(rows)) return injection;
  const slots = prefix.embeddings.shape[1];
  const shown = tf.reshape(tf.cast(context.modality, 'float32'), [-1, 1]); // [R, 1]
  const mask = tf.tile(shown, [1, slots]) as Tensor2D; // [R, K]
  return { ...injection, prefix: { ...prefix, mask } };
}
