import type { Tensor2D } from '@eim/contracts/model';
import { dropout } from '@eim/engine';
import { type BlockContext, dropoutStream } from './block-context.js';

/** Dropout in training, the input itself otherwise. @param x `[N, D]` */
export function dropped(
  x: Tensor2D,
  rate: number,
  context: Pick<BlockContext, 'training' | 'random'>,
): Tensor2D {
  const random = dropoutStream(rate, context);
  return random === undefined ? x : (dropout(x, rate, random) as Tensor2D);
}
