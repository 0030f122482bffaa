import type { Tensor2D, Tensor3D } from '@eim/contracts/model';
import { type RotaryTables, rotaryTables } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { attentionFactorOf, type DynamicScaling } from './rope-scaling.js';
import { type RotaryOptions, rotaryFrequencies } from './rotary-frequencies.js';

/**
 * The turns of a model's positions.
 *
 * Dynamic scaling takes its frequencies from the length of the text so far: the greatest position of a row and one. So in
 * a whole pass all positions of a row share them, and in decoding each new one has those of its own length, while the keys
 * in the cache keep theirs. That is what transformers does with a text by itself in a freshly loaded model. It takes the
 * greatest position of the whole batch, though, and so rows would change each other; here each row has its own.
 */
export class RotaryEmbedding {
  private readonly frequencies: Float32Array;
  private readonly attentionFactor: number;

  constructor(private readonly options: RotaryOptions) {
    this.frequencies = rotaryFrequencies(options);
    this.attentionFactor = attentionFactorOf(options.ropeScaling);
  }

  /**
   * @param positions `[B, T]`. Absent: T of them from `offset` on, in every row
   * @param shape B and T
   */
  tables(
    positions: Tensor2D | undefined,
    offset: number,
    [batch, length]: readonly [number, number, ...unknown[]],
  ): RotaryTables {
    const { ropeScaling } = this.options;
    const dynamic = ropeScaling?.type === 'dynamic' ? ropeScaling : undefined;
    if (positions === undefined) {
      const every = tf.tile(tf.range(offset, offset + length), [batch]); // [B*T]
      const end = offset + length;
      const frequencies = dynamic ? rotaryFrequencies(this.options, end) : this.frequencies;
      return rotaryTables(every, frequencies, this.attentionFactor);
    }
    const frequencies = dynamic ? this.rowFrequencies(positions, dynamic) : this.frequencies;
    return rotaryTables(positions, frequencies, this.attentionFactor);
  }

  /** By the length of each row. @returns `[B*T, headSize / 2]` */
  private rowFrequencies(positions: Tensor2D, { factor, originalContextLength }: DynamicScaling): Tensor2D {
    const { headSize } = this.options;
    const [batch, length] = positions.shape;
    const lengths = tf.add(tf.cast(tf.max(positions, 1, true), 'float32'), 1); // [B, 1]
    const times = tf.div(tf.maximum(lengths, originalContextLength), originalContextLength); // [B, 1]
    const stretch = tf.sub(tf.mul(times, factor), factor - 1); // [B, 1]
    // a base of b s^(d/(d-2)) gives frequencies of b^(-2i/d) s^(-2i/(d-2))
    const exponents = Float32Array.from({ length: headSize / 2 }, (_, pair) => (-2 * pair) / (headSize - 2));
    const slowing = tf.pow(stretch, tf.tensor2d(exponents, [1, headSize / 2])); // [B, headSize/2]
    const rows = tf.mul(slowing, tf.tensor1d(this.frequencies)) as Tensor2D; // [B, headSize/2]
    const apart = tf.tile(tf.expandDims(rows, 1) as Tensor3D, [1, length, 1]); // [B, T, headSize/2]
    return tf.reshape(apart, [batch * length, headSize / 2]);
  }
}
