import type { ForwardOptions } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { TinyCache } from './tiny-cache.js';

/**
 * Additive attention bias: 0 where position t may look at slot s, -1e9 elsewhere.
 * @param length positions of this call, which come after the slots of the cache: `S` slots in all
 * @returns `[B or 1, length, S]`
 */
export function tinyAttentionBias(
  length: number,
  past: TinyCache | undefined,
  { mask, injection }: Pick<ForwardOptions, 'mask' | 'injection'>,
): tf.Tensor3D {
  const offset = past?.length ?? 0;
  const slots = offset + length; // S
  const causal = new Float32Array(length * slots);
  const self = new Float32Array(length * slots);
  for (let t = 0; t < length; t++) {
    causal.fill(-1e9, t * slots + offset + t + 1, (t + 1) * slots);
    self[t * slots + offset + t] = 1;
  }
  const shape: [number, number, number] = [1, length, slots];
  let bias = tf.tensor3d(causal, shape);
  /** @param keep `[B or 1, S]`, 0 where only the position itself may look */
  const hide = (keep: tf.Tensor) => {
    const hidden = tf.sub(1, tf.reshape(tf.cast(keep, 'float32'), [-1, 1, slots])); // 1 where hidden
    const others = tf.mul(hidden, tf.sub(1, tf.tensor3d(self, shape))); // a position always sees itself
    bias = tf.add(bias, tf.mul(others, -1e9));
  };
  const padding = past?.lengths.map((held) => offset - held) ?? [0];
  if (padding.some((empty) => empty > 0)) {
    hide(tf.tensor2d(padding.map((empty) => Array.from({ length: slots }, (_, s) => (s < empty ? 0 : 1)))));
  }
  if (mask) hide(mask);
  const visible = injection?.prefix?.visibleToLater; // [K], of each row's first positions
  if (visible) {
    const ones = (count: number) => tf.ones([count]);
    const rows = padding.map((empty) =>
      tf.concat([ones(empty), tf.cast(visible, 'float32'), ones(slots - empty - visible.size)]),
    );
    hide(tf.stack(rows));
  }
  return bias;
}

/** `[length]` or `[B, length]` int32: where the positions of a call stand, unless the caller says. */
export function tinyPositions(length: number, past: TinyCache | undefined): tf.Tensor {
  if (!past) return tf.range(0, length, 1, 'int32');
  const rows = past.lengths.map((held) => Array.from({ length }, (_, index) => held + index));
  return tf.tensor2d(rows, [rows.length, length], 'int32');
}
