import type { EncodedImages, Injection, ModelParts, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { blankFeatures } from './encode-pictures.js';
import { featuresBesideBlanks, featuresOfRows, injectionOfRows, zeroFeatures } from './expand-rows.js';
import {
  allHavePictures,
  type PassOptions,
  pictureContext,
  type RowLayout,
  rowContext,
} from './transform-context.js';

/**
 * Runs the ST on pictures, one row for each.
 * @example
 * const { prefix } = injectPictures(parts, encodePictures(parts, { pixels }), 16);
 * prefix?.embeddings.shape; // [16, K, hiddenSize]
 */
export function injectPictures(
  parts: ModelParts,
  features: EncodedImages,
  pictures: number,
  options: PassOptions = {},
): Injection {
  return parts.st.transform(features, pictureContext(parts, pictures, options));
}

/**
 * Runs the ST for rows. It runs once for each picture where every row shows one and the ST reads nothing else of the row.
 * Otherwise it runs once for each row: where some rows are text alone, where it reads prompts, and where it returns
 * adapters, which may route by row. A prefix is hidden in rows of text, unless the ST has given it a mask of its own.
 * @param features outputs of the encoder for the pictures; absent where no row shows one
 * @example
 * const injection = injectRows(parts, features, onePictureEach(16));
 * const logits = textLogits(parts.llm, { ids, mask }, { injection });
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
  const ofRows = rows.blanksAreShown
    ? features!
    : st.blankPictures
      ? featuresBesideBlanks(features, blankFeatures(parts, options), rows)
      : features
        ? featuresOfRows(features, rows)
        : zeroFeatures(encoder, st, rows.rowCount);
  const context = rowContext(parts, rows, options);
  const injection = st.transform(ofRows, context);
  const { prefix } = injection;
  if (!prefix || prefix.mask || allHavePictures(rows)) return injection;
  const slots = prefix.embeddings.shape[1];
  const shown = tf.reshape(tf.cast(context.modality, 'float32'), [-1, 1]); // [R, 1]
  const mask = tf.tile(shown, [1, slots]) as Tensor2D; // [R, K]
  return { ...injection, prefix: { ...prefix, mask } };
}
