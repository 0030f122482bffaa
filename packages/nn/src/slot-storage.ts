import type { Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { BlockKeyValues } from './block-key-values.js';
import { tidied } from './tidied.js';

/** Slots that are made at least when there is no room left. */
const LEAST_ROOM = 64;

/**
 * Keys and values of all blocks in memory with room for more slots, which an engine's kernels fill in place. Caches of different
 * lengths share it: none of them sees slots behind its own, so only the longest may go on in it.
 */
export class SlotStorage {
  private users = 1;

  /**
   * @param blocks `[B, capacity, width]`
   * @param filled slots that are taken
   */
  constructor(
    readonly blocks: readonly BlockKeyValues[],
    private filled: number,
  ) {}

  get capacity(): number {
    return this.blocks[0]!.keys.shape[1];
  }

  /** Takes `more` slots behind the first `length`, for one more user. @returns false where these are taken or there are too few */
  extend(length: number, more: number): boolean {
    if (length !== this.filled || length + more > this.capacity) return false;
    this.filled += more;
    this.users++;
    return true;
  }

  /** A copy of the first slots with room for as many again; `more` than these are taken. */
  static withRoom(blocks: readonly BlockKeyValues[], length: number, more: number): SlotStorage {
    const room = more + Math.max(LEAST_ROOM, length);
    const roomy = ({ keys, values }: BlockKeyValues): BlockKeyValues => ({
      keys: tf.pad(keys, [
        [0, 0],
        [0, room],
        [0, 0],
      ]), // [B, length + room, width]
      values: tf.pad(values, [
        [0, 0],
        [0, room],
        [0, 0],
      ]),
    });
    return tidied(() => new SlotStorage(blocks.map(roomy), length + more));
  }

  /** Memory for texts that begin with `length` positions, with room for more. */
  static empty(size: { blocks: number; batch: number; width: number }, length: number): SlotStorage {
    const zeros = () => tf.zeros([size.batch, length + LEAST_ROOM, size.width]) as Tensor3D;
    const blocks = () => Array.from({ length: size.blocks }, () => ({ keys: zeros(), values: zeros() }));
    return tidied(() => new SlotStorage(blocks(), length));
  }

  /** One user less; the last one frees it. */
  release(): void {
    this.users--;
    if (this.users === 0) for (const { keys, values } of this.blocks) tf.dispose([keys, values]);
  }
}
