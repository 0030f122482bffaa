import type { ImagePreprocessing, RawPicture } from '@eim/contracts';
import type { Tensor4D } from '@eim/contracts/model';
import { preprocess } from '@eim/images';
import { tensor4d } from '@tensorflow/tfjs-core';

/**
 * Turns decoded pictures into an encoder's input.
 * @returns `[P, imageSize, imageSize, 3]`; the caller disposes of it
 * @example
 * const pixels = picturePixels([await readPicture('cat.jpg')], model.encoder.preprocessing);
 */
export function picturePixels(pictures: readonly RawPicture[], preprocessing: ImagePreprocessing): Tensor4D {
  const { imageSize } = preprocessing;
  const stride = imageSize * imageSize * 3;
  const values = new Float32Array(pictures.length * stride);
  for (const [index, picture] of pictures.entries()) {
    values.set(preprocess(picture, preprocessing), index * stride);
  }
  return tensor4d(values, [pictures.length, imageSize, imageSize, 3]) as Tensor4D; // [P, H, W, 3]
}
