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
  constructor(
    readonly blocks: readonly BlockKeyValues[],
    /** `[B, routes]` by name of the insertion point. */
    readonly routing: Readonly<Record<string, Tensor2D>> = {},
  ) {}

  get length(): number {
    return this.blocks[0]?.keys.shape[1] ?? 0;
  }

  get batch(): number {
    return this.blocks[0]?.keys.shape[0] ?? 0;
  }

  gather(indices: readonly number[]): TransformerCache {
    return tidied(() => {
      const rows = tf.tensor1d([...indices], 'int32');
      const blocks = this.blocks.map(({ keys, values }) => ({
        keys: tf.gather(keys, rows), // [N, S, width]
        values: tf.gather(values, rows), // [N, S, width]
      }));
      const routing = Object.fromEntries(
        Object.entries(this.routing).map(([name, routes]) => [name, tf.gather(routes, rows)]),
      );
      return new TransformerCache(blocks, routing);
    });
  }

  dispose(): void {
    for (const { keys, values } of this.blocks) tf.dispose([keys, values]);
    tf.dispose(Object.values(this.routing));
  }

  /**
   * The cache as this package made it.
   * @throws EimError `invalid-argument` where it came from elsewhere, or from a model of another size
   */
  static from(cache: KeyValueCache, blockCount: number, batch: number): TransformerCache {
    if (!(cache instanceof TransformerCache)) {
      throw new EimError({
        code: 'invalid-argument',
        message: 'The cache given to forward was not made by a transformer of @eim/nn.',
        advice: 'Pass the cache that an earlier forward call of the same model returned.',
      });
    }
    if (cache.blocks.length !== blockCount || cache.batch !== batch) {
      throw new EimError({
        code: 'width-mismatch',
        message:
          `The cache given to forward holds ${cache.blocks.length} blocks and ${cache.batch} rows; ` +
          `the model has ${blockCount} blocks and the embeddings ${batch} rows.`,
        advice: 'Pass the cache that an earlier forward call of the same model and batch returned.',
        data: { blocks: cache.blocks.length, rows: cache.batch, blockCount, batch },
      });
    }
    return cache;
  }
}
