import type { Tensor2D, Tensor4D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Square patches of square pictures, row by row.
 * @param pixels `[B, side, side, 3]`
 * @returns `[B * N, patchSize * patchSize * 3]`, each patch by row, column and channel
 */
export function splitPatches(pixels: Tensor4D, patchSize: number): Tensor2D {
  const [batch, side, , channels] = pixels.shape;
  const across = side / patchSize; // patches in a row
  const strip = patchSize * channels;
  const rows = tf.reshape(pixels, [batch * across, patchSize, across, strip]);
  const patches = tf.transpose(rows, [0, 2, 1, 3]); // [B * across, across, patchSize, strip]
  return tf.reshape(patches, [batch * across * across, patchSize * strip]); // [B*N, patchSize^2 * 3]
}
