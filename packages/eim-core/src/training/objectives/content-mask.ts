import type { SpecialTokens } from '@eim/contracts';
import type { Batch, Tensor, Tensor2D } from '@eim/contracts/model';
import { cast, mul, notEqual, sub } from '@tensorflow/tfjs-core';

/** `[R, T]`, 1 on the tokens of the answer itself: neither prompt, begin, end nor filling. */
export function contentMask({ ids, mask, promptMask }: Batch, { begin, end }: SpecialTokens): Tensor2D {
  const without = (id: number, kept: Tensor) => mul(kept, cast(notEqual(ids, id), 'float32'));
  const content = without(end, promptMask ? mul(mask, sub(1, promptMask)) : mask);
  return (begin === undefined ? content : without(begin, content)) as Tensor2D;
}
