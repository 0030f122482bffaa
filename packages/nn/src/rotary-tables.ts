import type { Tensor, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** The angles that rotary position embedding turns each row by, made once for all blocks. */
export interface RotaryTables {
  /** `[N, headSize]`, as `rotary` of @eim/engine takes it. */
  readonly cosine: Tensor2D;
  /** `[N, headSize]`, the first half negated. */
  readonly sine: Tensor2D;
}

/**
 * Su et al. 2021, section 3.2.2: position times frequency, in float32 as the published implementations compute.
 * @param positions `[N]` or `[B, T]`
 * @param frequencies one for each pair of a head's elements, headSize / 2
 */
export function rotaryTables(positions: Tensor, frequencies: Float32Array): RotaryTables {
  const column = tf.reshape(tf.cast(positions, 'float32'), [positions.size, 1]); // [N, 1]
  const angles = tf.mul(column, tf.tensor2d(frequencies, [1, frequencies.length])); // [N, headSize/2]
  const [cosine, sine] = [tf.cos(angles), tf.sin(angles)];
  return {
    cosine: tf.concat([cosine, cosine], 1) as Tensor2D,
    sine: tf.concat([tf.neg(sine), sine], 1) as Tensor2D,
  };
}
