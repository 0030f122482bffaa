import { EimError } from '@eim/contracts';
import type { KeyValueCache, Tensor2D, Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { BlockKeyValues } from './block-key-values.js';
import type { SlotStorage } from './slot-storage.js';
import { tidied } from './tidied.js';

/** Keys and values of every block, and the routing that adapters chose when the rows began. */
export class TransformerCache implements KeyValueCache {
  /**
   * @param held `[B, S, width]` of each block; with a storage, its tensors, of whose slots the first are this cache's
   * @param lengths positions that each row holds, in its last slots
   * @param shared the storage, of which this cache is one user, and the slots that it has
   */
  constructor(
    private readonly held: readonly BlockKeyValues[],
    /** `[B, routes]` by name of the insertion point. */
    readonly routing: Readonly<Record<string, Tensor2D>>,
    readonly lengths: readonly number[],
    readonly shared?: { readonly storage: SlotStorage; readonly slots: number },
  ) {}

  get length(): number {
    return this.shared?.slots ?? this.held[0]?.keys.shape[1] ?? 0;
  }

  get blockCount(): number {
    return this.held.length;
  }

  /** Keys and values of its slots; a copy where a storage has more. Call it where tensors are tidied up. */
  keyValues(block: number): BlockKeyValues {
    const held = this.held[block]!;
    const { length } = this;
    return held.keys.shape[1] === length
      ? held
      : mapBlock(held, (slots) => tf.slice(slots, [0, 0, 0], [-1, length, -1])); // [B, S, width]
  }

  get batch(): number {
    return this.lengths.length;
  }

  /** Slots before each row's first position; undefined where no row has any. */
  get padding(): readonly number[] | undefined {
    const { length } = this;
    return this.lengths.every((held) => held === length)
      ? undefined
      : this.lengths.map((held) => length - held);
  }

  gather(indices: readonly number[]): TransformerCache {
    const lengths = indices.map((row) => this.lengths[row]!);
    const spare = this.length - Math.max(...lengths);
    return tidied(() => {
      const rows = tf.tensor1d([...indices], 'int32');
      const trimmed = (slots: Tensor3D): Tensor3D =>
        spare === 0 && !this.shared ? slots : tf.slice(slots, [0, spare, 0], [-1, this.length - spare, -1]); // [N, S - spare, width]
      return new TransformerCache(
        this.held.map((block) => mapBlock(block, (slots) => trimmed(tf.gather(slots, rows)))),
        mapRouting(this.routing, (routes) => tf.gather(routes, rows)),
        lengths,
      );
    });
  }

  join(other: KeyValueCache): TransformerCache {
    const cache = this.fitting(other);
    const { routing, lengths, length } = cache;
    const slots = Math.max(this.length, length);
    const filled = (rows: Tensor3D): Tensor3D =>
      tf.pad(rows, [
        [0, 0],
        [slots - rows.shape[1], 0],
        [0, 0],
      ]); // [B, S, width]
    const joined = (first: Tensor3D, second: Tensor3D) => tf.concat([filled(first), filled(second)]); // [B + C, S, width]
    return tidied(() => {
      return new TransformerCache(
        this.held.map((_, index) => {
          const [own, others] = [this.keyValues(index), cache.keyValues(index)];
          return { keys: joined(own.keys, others.keys), values: joined(own.values, others.values) };
        }),
        mapRouting(this.routing, (routes, name) => tf.concat([routes, routing[name]!])),
        [...this.lengths, ...lengths],
      );
    });
  }

  cut(length: number): TransformerCache {
    if (!Number.isInteger(length) || length < 1) {
      throw new EimError({
        code: 'invalid-argument',
        message: `A cache was cut to ${length} positions.`,
        advice: 'Cut it to one position or more; to begin anew, leave the cache out.',
        data: { length },
      });
    }
    const lengths = this.lengths.map((held) => Math.min(held, length));
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
      return new TransformerCache(
        this.held.map((_, index) => mapBlock(this.keyValues(index), kept)),
        mapRouting(this.routing, (routes) => tf.clone(routes)),
        lengths,
      );
    });
  }

  dispose(): void {
    if (this.shared) this.shared.storage.release();
    else for (const { keys, values } of this.held) tf.dispose([keys, values]);
    tf.dispose(Object.values(this.routing));
  }

  /** The other cache, of the same model and with the same adapters. */
  private fitting(other: KeyValueCache): TransformerCache {
    const cache = TransformerCache.made(other, 'join');
    const sizes = ({ held }: TransformerCache) => held.map(({ keys }) => keys.shape[2]);
    if (String(sizes(cache)) !== String(sizes(this))) {
      throw new EimError({
        code: 'width-mismatch',
        message: `A cache of blocks ${sizes(cache)} wide cannot join one of blocks ${sizes(this)} wide.`,
        advice: 'Join caches of one model.',
      });
    }
    const routed = ({ routing }: TransformerCache) => Object.keys(routing).sort().join(', ') || 'nowhere';
    if (routed(cache) !== routed(this)) {
      throw new EimError({
        code: 'invalid-argument',
        message: `Rows routed at ${routed(cache)} cannot join rows routed at ${routed(this)}.`,
        advice: 'Join rows that began with the same adapters.',
      });
    }
    return cache;
  }

  /**
   * The cache as this package made it.
   * @throws EimError `invalid-argument` where it came from elsewhere, or from a model of another size
   */
  static from(cache: KeyValueCache, blockCount: number, batch: number): TransformerCache {
    const made = TransformerCache.made(cache, 'forward');
    if (made.blockCount !== blockCount || made.batch !== batch) {
      throw new EimError({
        code: 'width-mismatch',
        message:
          `The cache given to forward holds ${made.blockCount} blocks and ${made.batch} rows; ` +
          `the model has ${blockCount} blocks and the embeddings ${batch} rows.`,
        advice: 'Pass the cache that an earlier forward call of the same model and batch returned.',
        data: { blocks: made.blockCount, rows: made.batch, blockCount, batch },
      });
    }
    return made;
  }

  private static made(cache: KeyValueCache, receiver: string): TransformerCache {
    if (cache instanceof TransformerCache) return cache;
    throw new EimError({
      code: 'invalid-argument',
      message: `The cache given to ${receiver} was not made by a transformer of @eim/nn.`,
      advice: 'Pass the cache that an earlier forward call of the same model returned.',
    });
  }
}

const mapBlock = (
  { keys, values }: BlockKeyValues,
  change: (rows: Tensor3D) => Tensor3D,
): BlockKeyValues => ({ keys: change(keys), values: change(values) });

const mapRouting = (
  routing: Readonly<Record<string, Tensor2D>>,
  change: (routes: Tensor2D, name: string) => Tensor2D,
): Record<string, Tensor2D> =>
  Object.fromEntries(Object.entries(routing).map(([name, routes]) => [name, change(routes, name)]));
