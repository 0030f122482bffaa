import type { CaptionedPicture, ImagePreprocessing } from '@eim/contracts';
import { preprocess } from '@eim/images';
import * as tf from '@tensorflow/tfjs-core';

/** Pictures as the encoder wants them: `[P, H, W, 3]`. */
export async function loadPixels(
  pictures: readonly CaptionedPicture[],
  preprocessing: ImagePreprocessing,
): Promise<tf.Tensor4D> {
  const side = preprocessing.imageSize;
  const pixels = new Float32Array(pictures.length * side * side * 3);
  for (const [index, picture] of pictures.entries()) {
    pixels.set(preprocess(await picture.load(), preprocessing), index * side * side * 3);
  }
  return tf.tensor4d(pixels, [pictures.length, side, side, 3]);
}
