import { EimError } from '@eim/contracts';
import type { KeyValueCache, Tensor2D } from '@eim/contracts/model';
import type { BlockKeyValues } from './block-key-values.js';

/** Keys and values of every block: see {@link BlockCache} and {@link RowCache}. */
export abstract class TransformerCache implements KeyValueCache {
  /** @param lengths positions that each row holds, in its last slots */
  constructor(readonly lengths: readonly number[]) {}

  abstract readonly length: number;
  abstract readonly blockCount: number;
  /** Of the keys of one position in each block. */
  abstract readonly widths: readonly number[];
  /** What adapters chose when the rows began, `[B, routes]` by name of the insertion point. */
  abstract readonly routing: Readonly<Record<string, Tensor2D>>;

  /** `[B, S, width]` each. Call it where tensors are tidied up. */
  abstract keyValues(block: number): BlockKeyValues;

  /** The same of every block. */
  allKeyValues(): BlockKeyValues[] {
    return Array.from({ length: this.blockCount }, (_, block) => this.keyValues(block));
  }

  abstract gather(indices: readonly number[]): TransformerCache;
  abstract join(other: KeyValueCache): TransformerCache;
  abstract dispose(): void;

  /** The first `length` positions of every row, as {@link KeyValueCache} says. */
  cut(length: number): TransformerCache {
    if (!Number.isInteger(length) || length < 1) {
      throw new EimError({
        code: 'invalid-argument',
        message: `A cache was cut to ${length} positions.`,
        advice: 'Cut it to one position or more; to begin anew, leave the cache out.',
        data: { length },
      });
    }
    return this.cutTo(this.lengths.map((held) => Math.min(held, length)));
  }

  /** @param lengths positions that stay of each row */
  protected abstract cutTo(lengths: readonly number[]): TransformerCache;

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

  /**
   * The other cache, of the same model and with the same adapters.
   * @throws EimError `width-mismatch`, `invalid-argument`
   */
  protected fitting(other: KeyValueCache): TransformerCache {
    const cache = TransformerCache.made(other, 'join');
    if (String(cache.widths) !== String(this.widths)) {
      throw new EimError({
        code: 'width-mismatch',
        message: `A cache of blocks ${cache.widths} wide cannot join one of blocks ${this.widths} wide.`,
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
