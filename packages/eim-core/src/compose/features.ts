import type { EncodedImages, ModelParts, Tensor } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { encodePictures, type PictureInput } from './encode-pictures.js';
import { mapFeatures } from './expand-rows.js';

/**
 * Encodes pictures to features that outlive the scope they are made in; the caller frees them by {@link disposeFeatures}.
 * @example
 * const features = encodeAndKeep(parts, { pixels }); // encode once, answer many times
 * const answers = await answerAll(parts, rows, { pictures: { features } });
 * disposeFeatures(features);
 */
export function encodeAndKeep(parts: ModelParts, pictures: PictureInput): EncodedImages {
  let kept: EncodedImages = {};
  tf.tidy(() => {
    // Clones, as given features stay the caller's.
    kept = mapFeatures(encodePictures(parts, pictures), (tensor) => tf.keep(tf.clone(tensor)));
  });
  return kept;
}

/**
 * Frees all tensors of some features.
 * @example
 * const features = encodeAndKeep(parts, { pixels });
 * disposeFeatures(features);
 */
export function disposeFeatures(features: EncodedImages): void {
  tf.dispose(listFeatures(features));
}

/** All tensors of some features. */
export function listFeatures({ pooled, tokens, hidden }: EncodedImages): Tensor[] {
  return [pooled, tokens, ...(hidden?.values() ?? [])].filter((tensor) => tensor !== undefined);
}
