import type { SpecialTokens } from '@eim/contracts';
import type { Batch, Tensor, Tensor2D } from '@eim/contracts/model';
import { cast, mul, notEqual } from '@tensorflow/tfjs-core';

/** `[R, T]`, 1 on the tokens of the caption itself: neither begin, end nor filling. */
export function contentMask({ ids, mask }: Batch, { begin, end }: SpecialTokens): Tensor2D {
  const without = (id: number, kept: Tensor) => mul(kept, cast(notEqual(ids, id), 'float32'));
  const content = without(end, mask);
  return (begin === undefined ? content : without(begin, content)) as Tensor2D;
}
