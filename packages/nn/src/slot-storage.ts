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

  /** Takes the slot behind the first `length`, for one more user. @returns false where it is taken or there is none */
  extend(length: number): boolean {
    if (length !== this.filled || length >= this.capacity) return false;
    this.filled++;
    this.users++;
    return true;
  }

  /** A copy of the first slots with room for as many again; one more than these is taken. */
  static withRoom(blocks: readonly BlockKeyValues[], length: number): SlotStorage {
    const room = Math.max(LEAST_ROOM, length);
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
    return tidied(() => new SlotStorage(blocks.map(roomy), length + 1));
  }

  /** One user less; the last one frees it. */
  release(): void {
    this.users--;
    if (this.users === 0) for (const { keys, values } of this.blocks) tf.dispose([keys, values]);
  }
}
