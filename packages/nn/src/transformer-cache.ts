import { EimError } from '@eim/contracts';
import type { KeyValueCache, Tensor2D, Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { tidied } from './tidied.js';

/** Keys and values of one block, `[B, S, width]` each. */
export interface BlockKeyValues {
  readonly keys: Tensor3D;
  readonly values: Tensor3D;
}

/** Keys and values of every block, and the routing that adapters chose when the rows began. */
export class TransformerCache implements KeyValueCache {
  /** @param lengths positions that each row holds, in its last slots */
  constructor(
    readonly blocks: readonly BlockKeyValues[],
    /** `[B, routes]` by name of the insertion point. */
    readonly routing: Readonly<Record<string, Tensor2D>>,
    readonly lengths: readonly number[],
  ) {}

  get length(): number {
    return this.blocks[0]?.keys.shape[1] ?? 0;
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
        spare === 0 ? slots : tf.slice(slots, [0, spare, 0], [-1, -1, -1]); // [N, S - spare, width]
      return new TransformerCache(
        this.blocks.map((block) => mapBlock(block, (slots) => trimmed(tf.gather(slots, rows)))),
        mapRouting(this.routing, (routes) => tf.gather(routes, rows)),
        lengths,
      );
    });
  }

  join(other: KeyValueCache): TransformerCache {
    const { blocks, routing, lengths, length } = this.fitting(other);
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
        this.blocks.map(({ keys, values }, index) => ({
          keys: joined(keys, blocks[index]!.keys),
          values: joined(values, blocks[index]!.values),
        })),
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
        this.blocks.map((block) => mapBlock(block, kept)),
        mapRouting(this.routing, (routes) => tf.clone(routes)),
        lengths,
      );
    });
  }

  dispose(): void {
    for (const { keys, values } of this.blocks) tf.dispose([keys, values]);
    tf.dispose(Object.values(this.routing));
  }

  /** The other cache, of the same model and with the same adapters. */
  private fitting(other: KeyValueCache): TransformerCache {
    const cache = TransformerCache.made(other, 'join');
    const sizes = ({ blocks }: TransformerCache) => blocks.map(({ keys }) => keys.shape[2]);
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
    if (made.blocks.length !== blockCount || made.batch !== batch) {
      throw new EimError({
        code: 'width-mismatch',
        message:
          `The cache given to forward holds ${made.blocks.length} blocks and ${made.batch} rows; ` +
          `the model has ${blockCount} blocks and the embeddings ${batch} rows.`,
        advice: 'Pass the cache that an earlier forward call of the same model and batch returned.',
        data: { blocks: made.blocks.length, rows: made.batch, blockCount, batch },
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
