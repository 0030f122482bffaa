import type { Tensor1D, Tensor2D, Tensor4D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What is added to the score of a hidden position. Finite, so that a row with nothing to attend to gives
 * an even softmax in place of NaN; large enough that a hidden weight is exactly 0 in float32.
 */
const HIDDEN = -1e9;

/** `[1, 1, T, S]`: query i, at position S - T + i, reads the keys up to its own position. */
export function causalBias(queryLength: number, keyLength: number = queryLength): Tensor4D {
  const values = new Float32Array(queryLength * keyLength);
  const offset = keyLength - queryLength;
  for (let row = 0; row < queryLength; row++) {
    values.fill(HIDDEN, row * keyLength + offset + row + 1, (row + 1) * keyLength);
  }
  return tf.tensor4d(values, [1, 1, queryLength, keyLength]);
}

/** @param mask `[B, S]`, 1 where a key is real @returns `[B, 1, 1, S]` */
export function paddingBias(mask: Tensor2D): Tensor4D {
  return tf.tidy(() => {
    const [batch, length] = mask.shape;
    return tf.reshape(tf.mul(tf.sub(1, mask), HIDDEN), [batch, 1, 1, length]); // [B, 1, 1, S]
  });
}

/**
 * Hides the prefix slots that only they themselves may read (LaVIN's modality token).
 * @param visible `[K]`, 1 where later positions may attend to position k of the first K
 * @param padding slots before the first position, by row. Absent: none
 * @returns `[1 or B, 1, T, S]`
 */
export function visibilityBias(
  visible: Tensor1D,
  queryLength: number,
  keyLength: number,
  padding: readonly number[] = [0],
): Tensor4D {
  return tf.tidy(() => {
    const first = tf.sub(1, visible); // [K]
    const rows = padding.map((slots) => tf.pad(first, [[slots, keyLength - visible.size - slots]]));
    const hidden = tf.reshape(tf.stack(rows), [rows.length, 1, 1, keyLength]); // [1 or B, 1, 1, S]
    const others = new Float32Array(queryLength * keyLength).fill(HIDDEN);
    const offset = keyLength - queryLength;
    for (let row = 0; row < queryLength; row++) others[row * keyLength + offset + row] = 0;
    return tf.mul(hidden, tf.tensor4d(others, [1, 1, queryLength, keyLength])); // [1 or B, 1, T, S]
  });
}

export interface DecoderBiasOptions {
  readonly queryLength: number;
  /** Cached positions included. */
  readonly keyLength: number;
  /** `[B, S]` */
  readonly mask?: Tensor2D | undefined;
  /** `[K]` */
  readonly visibleToLater?: Tensor1D | undefined;
  /** Slots before each row's first position, where a cache holds rows of different lengths. Absent: none. */
  readonly padding?: readonly number[] | undefined;
}

/**
 * All that a causal model hides, built once for all its blocks.
 * @returns `[1 or B, 1, 1 or T, S]`; undefined where nothing is hidden
 */
export function decoderBias(options: DecoderBiasOptions): Tensor4D | undefined {
  const { queryLength, keyLength, mask, visibleToLater, padding } = options;
  const biases: Tensor4D[] = [];
  if (queryLength > 1) biases.push(causalBias(queryLength, keyLength));
  if (mask !== undefined) biases.push(paddingBias(mask));
  if (visibleToLater !== undefined) {
    biases.push(visibilityBias(visibleToLater, queryLength, keyLength, padding));
  }
  const [first, ...rest] = biases;
  return first === undefined ? undefined : rest.reduce<Tensor4D>((sum, bias) => tf.add(sum, bias), first);
}
