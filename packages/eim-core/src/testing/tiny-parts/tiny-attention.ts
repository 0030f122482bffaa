import type { KeyValueCache } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** Keys and values of one block, `[B, S, H]` each. */
export class TinyCache implements KeyValueCache {
  constructor(
    readonly key: tf.Tensor3D,
    readonly value: tf.Tensor3D,
    /** `[B, routes]`, what an adapter chose when the rows began. */
    readonly routes?: tf.Tensor2D,
  ) {}

  get length(): number {
    return this.key.shape[1];
  }

  gather(indices: readonly number[]): TinyCache {
    const rows = tf.tensor1d([...indices], 'int32');
    const routes = this.routes && tf.gather(this.routes, rows);
    const gathered = new TinyCache(tf.gather(this.key, rows), tf.gather(this.value, rows), routes);
    rows.dispose();
    return gathered;
  }

  dispose(): void {
    this.key.dispose();
    this.value.dispose();
    this.routes?.dispose();
  }
}

/**
 * Additive attention bias: 0 where position t may look at position s, -1e9 elsewhere.
 * @param queryLength positions of this call, the last of `keyLength`
 * @param mask `[B, keyLength]`, 1 where a token is real
 * @param visibleToLater `[K]` over the first K positions, 0 where only the position itself may look
 * @returns `[B or 1, queryLength, keyLength]`
 */
export function tinyAttentionBias(
  queryLength: number,
  keyLength: number,
  mask?: tf.Tensor2D,
  visibleToLater?: tf.Tensor1D,
): tf.Tensor3D {
  const offset = keyLength - queryLength;
  const causal = new Float32Array(queryLength * keyLength);
  const self = new Float32Array(queryLength * keyLength);
  for (let t = 0; t < queryLength; t++) {
    causal.fill(-1e9, t * keyLength + offset + t + 1, (t + 1) * keyLength);
    self[t * keyLength + offset + t] = 1;
  }
  const shape: [number, number, number] = [1, queryLength, keyLength];
  let bias = tf.tensor3d(causal, shape);
  const hide = (keep: tf.Tensor, keepShape: [number, number, number]) => {
    const hidden = tf.sub(1, tf.reshape(tf.cast(keep, 'float32'), keepShape)); // 1 where hidden
    const others = tf.mul(hidden, tf.sub(1, tf.tensor3d(self, shape))); // a position always sees itself
    bias = tf.add(bias, tf.mul(others, -1e9));
  };
  if (mask) hide(mask, [mask.shape[0], 1, keyLength]);
  if (visibleToLater) {
    const rest = tf.ones([keyLength - visibleToLater.shape[0]]);
    hide(tf.concat([tf.cast(visibleToLater, 'float32'), rest]), [1, 1, keyLength]);
  }
  return bias;
}
