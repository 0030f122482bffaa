import type { KeyValueCache, Tensor2D, Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { BlockCache, padded } from './block-cache.js';
import type { BlockKeyValues } from './block-key-values.js';
import { RowStorage, type RowStorageSize } from './row-storage.js';
import { tidied } from './tidied.js';
import { TransformerCache } from './transformer-cache.js';

/** A cache of rows in memory of their own, so that rows come, go and fork without a copy. Adapters have no say in it. */
export class RowCache extends TransformerCache {
  /** @param rows one storage each, of which this cache is one user */
  constructor(
    private readonly rows: readonly RowStorage[],
    lengths: readonly number[],
  ) {
    super(lengths);
  }

  readonly routing: Readonly<Record<string, Tensor2D>> = {};

  get length(): number {
    return Math.max(...this.lengths);
  }

  get blockCount(): number {
    return this.rows[0]!.size.blocks;
  }

  get widths(): readonly number[] {
    const { blocks, width } = this.rows[0]!.size;
    return new Array<number>(blocks).fill(width);
  }

  /** `[blocks, 2, capacity, width]` of each row: its positions are in the first slots. */
  get slots(): RowStorage['slots'][] {
    return this.rows.map(({ slots }) => slots);
  }

  keyValues(block: number): BlockKeyValues {
    const { length } = this;
    const rows = this.rows.map((row, index) => row.keyValues(block, this.lengths[index]!));
    const together = (parts: readonly Tensor3D[]): Tensor3D =>
      tf.concat(parts.map((part) => padded(part, length))); // [B, S, width]
    return {
      keys: together(rows.map(({ keys }) => keys)),
      values: together(rows.map(({ values }) => values)),
    };
  }

  gather(indices: readonly number[]): RowCache {
    return new RowCache(
      indices.map((row) => this.rows[row]!.retain()),
      indices.map((row) => this.lengths[row]!),
    );
  }

  join(other: KeyValueCache): TransformerCache {
    const cache = this.fitting(other);
    if (!(cache instanceof RowCache)) {
      return tidied(() => new BlockCache(this.allKeyValues(), {}, this.lengths).join(cache));
    }
    return new RowCache(
      [...this.rows, ...cache.rows].map((row) => row.retain()),
      [...this.lengths, ...cache.lengths],
    );
  }

  dispose(): void {
    for (const row of this.rows) row.release();
  }

  /** Every row with room for `more` positions, which are taken; the rows' memory grows in place where it can. */
  extended(more: number): RowCache {
    return new RowCache(
      this.rows.map((row, index) => row.extended(this.lengths[index]!, more)),
      this.lengths.map((length) => length + more),
    );
  }

  protected cutTo(lengths: readonly number[]): RowCache {
    return new RowCache(
      this.rows.map((row) => row.retain()),
      lengths,
    );
  }

  /** Memory for rows that begin with `length` positions. */
  static empty(size: RowStorageSize, batch: number, length: number): RowCache {
    const rows = Array.from({ length: batch }, () => RowStorage.empty(size, length));
    return new RowCache(rows, new Array<number>(batch).fill(length));
  }

  /** A copy of any cache, with `more` positions that are taken. */
  static copyOf(cache: TransformerCache, more: number): RowCache {
    return tidied(() => {
      const blocks = cache.allKeyValues();
      const rows = cache.lengths.map((length, row) => {
        const own = (slots: Tensor3D): Tensor3D =>
          tf.slice(slots, [row, cache.length - length, 0], [1, length, -1]); // [1, length, width]
        const apart = blocks.map(({ keys, values }) => ({ keys: own(keys), values: own(values) }));
        return RowStorage.ofBlocks(apart, more);
      });
      return new RowCache(
        rows,
        cache.lengths.map((length) => length + more),
      );
    });
  }
}
