import type { Tensor3D, Tensor4D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { BlockKeyValues } from './block-key-values.js';
import { tidied } from './tidied.js';

/** Slots that are made at least when there is no room left. */
const LEAST_ROOM = 64;

/** What a row's memory is made for. */
export interface RowStorageSize {
  readonly blocks: number;
  /** Of the keys of one position, and of its values. */
  readonly width: number;
}

/**
 * Keys and values of all blocks of one row, in memory with room for more positions, which an engine's kernels fill in place. Rows that
 * begin alike share it: none of them sees positions behind its own, so only the longest may go on in it.
 */
export class RowStorage {
  private users = 1;

  /**
   * @param slots `[blocks, 2, capacity, width]`: the keys of a block, then its values
   * @param filled slots that are taken
   */
  constructor(
    readonly slots: Tensor4D,
    private filled: number,
  ) {}

  get size(): RowStorageSize {
    const [blocks, , , width] = this.slots.shape;
    return { blocks, width };
  }

  /** One user more. */
  retain(): this {
    this.users++;
    return this;
  }

  /** One user less; the last one frees it. */
  release(): void {
    this.users--;
    if (this.users === 0) this.slots.dispose();
  }

  /**
   * Takes `more` slots behind the first `length`, for one more user: here, or in a copy where these are taken or there is no room.
   * @returns what the new user holds
   */
  extended(length: number, more: number): RowStorage {
    if (length === this.filled && length + more <= this.slots.shape[2]) {
      this.filled += more;
      return this.retain();
    }
    return tidied(() => RowStorage.withRoom(tf.slice(this.slots, [0, 0, 0, 0], [-1, -1, length, -1]), more));
  }

  /** The first `length` positions of one block, `[1, length, width]`. Call it where tensors are tidied up. */
  keyValues(block: number, length: number): BlockKeyValues {
    const part = (which: number): Tensor3D =>
      tf.reshape(tf.slice(this.slots, [block, which, 0, 0], [1, 1, length, -1]), [
        1,
        length,
        this.size.width,
      ]); // [1, length, width]
    return { keys: part(0), values: part(1) };
  }

  /** Memory for a row that begins with `length` positions. */
  static empty({ blocks, width }: RowStorageSize, length: number): RowStorage {
    return new RowStorage(tf.zeros([blocks, 2, length + LEAST_ROOM, width]), length);
  }

  /**
   * A copy of positions with room for as many again; `more` than these are taken.
   * @param positions `[blocks, 2, S, width]`
   */
  static withRoom(positions: Tensor4D, more: number): RowStorage {
    const length = positions.shape[2];
    const none: [number, number] = [0, 0];
    const room: [number, number] = [0, more + Math.max(LEAST_ROOM, length)];
    return new RowStorage(tf.pad(positions, [none, none, room, none]), length + more); // [blocks, 2, S + room, width]
  }

  /**
   * The same of a row whose blocks lie apart.
   * @param blocks `[1, S, width]` each. Call it where tensors are tidied up.
   */
  static ofBlocks(blocks: readonly BlockKeyValues[], more: number): RowStorage {
    const [, length, width] = blocks[0]!.keys.shape;
    const all = tf.concat(blocks.flatMap(({ keys, values }) => [keys, values])); // [2 blocks, S, width]
    return RowStorage.withRoom(tf.reshape(all, [blocks.length, 2, length, width]), more);
  }
}
