import { EimError } from '@eim/contracts';
import type { EncodedImages, EncodeOptions, ModelParts, Tensor2D, Tensor4D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { type PassOptions, pictureContext } from './transform-context.js';

/** Pictures as pixels, or as features that the encoder has already made of them. Exactly one of the two. */
export interface PictureInput {
  /** `[P, H, W, 3]`, preprocessed */
  readonly pixels?: Tensor4D | undefined;
  readonly features?: EncodedImages | undefined;
  /** `[views * P, K]` int32, patches that are looked at in each view of the pictures. Absent: all, in one view. */
  readonly keptPatches?: Tensor2D | undefined;
}

/**
 * Runs pixels through the encoder, with the ST's injection and the hidden layers that the ST reads. Given features are
 * returned unchanged.
 * @returns outputs of `P` rows, or of `views * P`, view by view, where patches are chosen
 * @throws EimError `invalid-argument` where neither is given, or an encoder without `patchCount` is to keep some patches
 * @example
 * const { pooled } = tf.tidy(() => encodePictures(parts, { pixels })); // [P, pooledSize]
 */
export function encodePictures(
  parts: ModelParts,
  { pixels, features, keptPatches }: PictureInput,
  options: PassOptions = {},
): EncodedImages {
  if (features) return features;
  if (!pixels) {
    throw new EimError({
      code: 'invalid-argument',
      message: 'Pictures are needed here, but neither pixels nor features were given.',
      advice: 'Give one of the two.',
    });
  }
  if (!keptPatches) return parts.encoder.encode(pixels, encodeOptions(parts, pixels.shape[0], options));
  if (parts.encoder.patchCount === undefined) throw noPatches();
  const rows = keptPatches.shape[0];
  const repeated = tf.tile(pixels, [rows / pixels.shape[0], 1, 1, 1]) as Tensor4D; // [views * P, H, W, 3]
  return parts.encoder.encode(repeated, { ...encodeOptions(parts, rows, options), keptPatches });
}

const noPatches = () =>
  new EimError({
    code: 'invalid-argument',
    message:
      'The encoder was to look at some patches of each picture, and has no patchCount, by which it says that it can.',
    advice: 'Leave keptPatches out, or use an encoder of patches such as @eim/encoder-clip/vit.',
  });

/** Outputs of the encoder for one picture of zeros, as rows of text show one to an ST with `blankPictures`. */
export function blankFeatures(parts: ModelParts, options: PassOptions): EncodedImages {
  const { imageSize } = parts.encoder.preprocessing;
  return encodePictures(parts, { pixels: tf.zeros([1, imageSize, imageSize, 3]) }, options);
}

/**
 * What an encoder is given beside `pictures` pictures: the ST's injection, and the hidden layers that are wanted of it.
 * @param hiddenLayers absent: those that the ST reads
 */
export function encodeOptions(
  parts: ModelParts,
  pictures: number,
  options: PassOptions,
  hiddenLayers = parts.st.hiddenLayers,
): EncodeOptions {
  const { training, random } = options;
  const injection = parts.st.encoderInjection?.(pictureContext(parts, pictures, options));
  return {
    ...(injection && { injection }),
    ...(hiddenLayers && { hiddenLayers }),
    ...(training !== undefined && { training }),
    ...(random !== undefined && { random }),
  };
}
