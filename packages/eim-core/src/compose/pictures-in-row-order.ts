import type { ModelParts, Tensor1D, Tensor2D, Tensor4D } from '@eim/contracts/model';
import { embedding } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { PictureInput } from './encode-pictures.js';
import type { RowLayout } from './transform-context.js';

/**
 * Rows with a picture each, in their order, pictures of zeros in those of text, as published programs lay them out. It matters
 * where an ST with `blankPictures` acts inside the encoder, and what it does there depends on the batch; all other
 * rows are returned as they are.
 */
export function picturesInRowOrder<Input extends PictureInput & RowLayout>(
  { st }: Pick<ModelParts, 'st'>,
  input: Input,
): Input {
  const { pixels, keptPatches, modality, rowPictures, rowCount, rowsPerPicture } = input;
  if (!st.blankPictures || !st.encoderInjection || !pixels || keptPatches || !modality) return input;
  const [pictures, ...sides] = pixels.shape;
  const flat: Tensor2D = tf.reshape(pixels, [pictures, -1]); // [P, X]
  const ofRows = rowsPerPicture === 1 ? flat : (embedding(flat, rowPictures!) as Tensor2D); // [R, X]
  const shown = tf.reshape(tf.cast(modality, 'float32'), [rowCount, 1]); // [R, 1]
  return {
    ...input,
    pixels: tf.reshape(tf.mul(ofRows, shown), [rowCount, ...sides]) as Tensor4D, // [R, H, W, 3]
    pictureCount: rowCount,
    rowPictures: tf.range(0, rowCount, 1, 'int32') as Tensor1D, // [R]
    rowsPerPicture: 1,
    blanksAreShown: true,
  };
}
