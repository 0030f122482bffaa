import type { KeyValueCache, Tensor2D, Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { BlockKeyValues } from './block-key-values.js';
import { tidied } from './tidied.js';
import { TransformerCache } from './transformer-cache.js';

/** A cache as blocks make it one after the other, and the routing that adapters chose when the rows began. */
export class BlockCache extends TransformerCache {
  /** @param held `[B, S, width]` of each block */
  constructor(
    private readonly held: readonly BlockKeyValues[],
    readonly routing: Readonly<Record<string, Tensor2D>>,
    lengths: readonly number[],
  ) {
    super(lengths);
  }

  get length(): number {
    return this.held[0]?.keys.shape[1] ?? 0;
  }

  get blockCount(): number {
    return this.held.length;
  }

  get widths(): readonly number[] {
    return this.held.map(({ keys }) => keys.shape[2]);
  }

  keyValues(block: number): BlockKeyValues {
    return this.held[block]!;
  }

  gather(indices: readonly number[]): BlockCache {
    const lengths = indices.map((row) => this.lengths[row]!);
    const spare = this.length - Math.max(...lengths);
    return tidied(() => {
      const rows = tf.tensor1d([...indices], 'int32');
      const trimmed = (slots: Tensor3D): Tensor3D =>
        spare === 0 ? slots : tf.slice(slots, [0, spare, 0], [-1, -1, -1]); // [N, S - spare, width]
      return new BlockCache(
        this.held.map((block) => mapBlock(block, (slots) => trimmed(tf.gather(slots, rows)))),
        mapRouting(this.routing, (routes) => tf.gather(routes, rows)),
        lengths,
      );
    });
  }

  join(other: KeyValueCache): BlockCache {
    const cache = this.fitting(other);
    const { routing, lengths, length } = cache;
    const slots = Math.max(this.length, length);
    const joined = (first: Tensor3D, second: Tensor3D) =>
      tf.concat([padded(first, slots), padded(second, slots)]); // [B + C, S, width]
    return tidied(
      () =>
        new BlockCache(
          this.held.map((own, index) => {
            const others = cache.keyValues(index);
            return { keys: joined(own.keys, others.keys), values: joined(own.values, others.values) };
          }),
          mapRouting(this.routing, (routes, name) => tf.concat([routes, routing[name]!])),
          [...this.lengths, ...lengths],
        ),
    );
  }

  dispose(): void {
    for (const { keys, values } of this.held) tf.dispose([keys, values]);
    tf.dispose(Object.values(this.routing));
  }

  protected cutTo(lengths: readonly number[]): BlockCache {
    const slots = Math.max(...lengths);
    // the slot of each position among all rows' slots; what stands before a row's first repeats it and is hidden
    const places = lengths.flatMap((kept, row) => {
      const first = (row + 1) * this.length - this.lengths[row]!;
      return Array.from({ length: slots }, (_, slot) => first + Math.max(0, slot - (slots - kept)));
    });
    return tidied(() => {
      const indices = tf.tensor1d(places, 'int32'); // [B * slots]
      const kept = (rows: Tensor3D): Tensor3D => {
        const [batch, all, width] = rows.shape;
        const flat = tf.gather(tf.reshape(rows, [batch * all, width]), indices); // [B * slots, width]
        return tf.reshape(flat, [batch, slots, width]);
      };
      return new BlockCache(
        this.held.map((block) => mapBlock(block, kept)),
        mapRouting(this.routing, (routes) => tf.clone(routes)),
        lengths,
      );
    });
  }
}

/** Rows with empty slots before their first, `[B, slots, width]`. */
export const padded = (rows: Tensor3D, slots: number): Tensor3D =>
  tf.pad(rows, [
    [0, 0],
    [slots - rows.shape[1], 0],
    [0, 0],
  ]);

const mapBlock = (
  { keys, values }: BlockKeyValues,
  change: (rows: Tensor3D) => Tensor3D,
): BlockKeyValues => ({ keys: change(keys), values: change(values) });

const mapRouting = (
  routing: Readonly<Record<string, Tensor2D>>,
  change: (routes: Tensor2D, name: string) => Tensor2D,
): Record<string, Tensor2D> =>
  Object.fromEntries(Object.entries(routing).map(([name, routes]) => [name, change(routes, name)]));
