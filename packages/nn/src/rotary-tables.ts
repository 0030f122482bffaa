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
 * @param frequencies one for each pair of a head's elements, headSize / 2; or `[N, headSize / 2]`, of each position its own
 * @param scale of cosines and sines (Peng et al. 2023, YaRN, section 3.4)
 */
export function rotaryTables(
  positions: Tensor,
  frequencies: Float32Array | Tensor2D,
  scale = 1,
): RotaryTables {
  const column = tf.reshape(tf.cast(positions, 'float32'), [positions.size, 1]); // [N, 1]
  const rows =
    frequencies instanceof Float32Array ? tf.tensor2d(frequencies, [1, frequencies.length]) : frequencies;
  const angles = tf.mul(column, rows); // [N, headSize/2]
  const scaled = (turns: Tensor): Tensor => (scale === 1 ? turns : tf.mul(turns, scale));
  const [cosine, sine] = [scaled(tf.cos(angles)), scaled(tf.sin(angles))];
  return {
    cosine: tf.concat([cosine, cosine], 1) as Tensor2D,
    sine: tf.concat([tf.neg(sine), sine], 1) as Tensor2D,
  };
}
