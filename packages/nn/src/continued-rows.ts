import type { ForwardOptions, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { TransformerCache } from './transformer-cache.js';

/** Which slots are real, and where the positions of a call stand. */
export interface ContinuedRows {
  /** `[B, S + T]`; absent: all are real */
  readonly mask?: Tensor2D | undefined;
  /** `[B, T]` int32; absent: all rows go on from the cache's length */
  readonly positions?: Tensor2D | undefined;
  /** Slots before each row's first position; absent: none */
  readonly padding?: readonly number[] | undefined;
}

/**
 * Mask and positions of a call that goes on from a cache: what the caller gave and, where the rows of the cache are of
 * different lengths, what follows from these.
 * @param length positions of this call, T
 */
export function continuedRows(
  past: TransformerCache | undefined,
  length: number,
  { mask, positions }: Pick<ForwardOptions, 'mask' | 'positions'>,
): ContinuedRows {
  const padding = past?.padding;
  if (past === undefined || padding === undefined) return { mask, positions };
  const slots = past.length + length; // S + T
  const held = tf.tensor2d(
    padding.map((empty) => Array.from({ length: slots }, (_, slot) => (slot < empty ? 0 : 1))),
    [past.batch, slots],
    'float32',
  );
  const next = past.lengths.map((from) => Array.from({ length }, (_, index) => from + index));
  return {
    mask: mask ? tf.mul<Tensor2D>(tf.cast(mask, 'float32'), held) : held,
    positions: positions ?? tf.tensor2d(next, [past.batch, length], 'int32'),
    padding,
  };
}
