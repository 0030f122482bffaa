import { EimError } from '@eim/contracts';
import type { Injection, RandomStream, Tensor2D, Tensor4D } from '@eim/contracts/model';
import { dropout } from '@eim/engine';
import type { RotaryTables } from './rotary-tables.js';
import type { TransformerCache } from './transformer-cache.js';

/** What a block needs to know of the batch that passes through it. */
export interface BlockContext {
  readonly batch: number;
  /** Positions of this call: activations are `[batch * length, width]`. */
  readonly length: number;
  /** Additive, broadcastable to `[B, H, T, S]`. */
  readonly bias?: Tensor4D | undefined;
  /** Turns queries and keys by their positions; absent where positions enter otherwise. */
  readonly rotary?: RotaryTables | undefined;
  readonly cache?: TransformerCache | undefined;
  /** The caller keeps the cache that comes out, so that the one above may lend it its memory. @default false */
  readonly useCache?: boolean | undefined;
  readonly injection?: Injection | undefined;
  /** @default false */
  readonly training?: boolean | undefined;
  readonly random?: RandomStream | undefined;
  /** What a block computes on the way is not kept for the backward pass; there is no cache then. @default false */
  readonly recomputeBlocks?: boolean | undefined;
}

/**
 * The stream that dropout draws from; undefined where nothing is dropped.
 * @throws EimError `invalid-argument` in training without a stream
 */
export function dropoutStream(
  rate: number,
  { training, random }: Pick<BlockContext, 'training' | 'random'>,
): RandomStream | undefined {
  if (!training || rate === 0) return undefined;
  if (random === undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: `A layer with dropout ${rate} was called for training without a random stream.`,
      advice: 'Pass `random` along with `training: true`.',
      data: { rate },
    });
  }
  return random;
}

/** Dropout in training, the input itself otherwise. @param x `[N, D]` */
export function dropped(
  x: Tensor2D,
  rate: number,
  context: Pick<BlockContext, 'training' | 'random'>,
): Tensor2D {
  const random = dropoutStream(rate, context);
  return random === undefined ? x : (dropout(x, rate, random) as Tensor2D);
}
