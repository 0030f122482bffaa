import type { Tensor } from '@eim/contracts/model';
import {
  add,
  customGrad,
  div,
  exp,
  expandDims,
  log,
  max,
  mul,
  squeeze,
  sub,
  sum,
} from '@tensorflow/tfjs-core';

/**
 * `log(sum(exp(x)))` along one axis, which falls away. The greatest value is taken out first, so nothing overflows; the
 * gradient is the softmax along the axis.
 * @param axis counted from 0
 */
export function logSumExp(values: Tensor, axis: number): Tensor {
  const op = customGrad((x, save) => {
    const greatest = max(x as Tensor, axis, true); // [..., 1, ...]
    const powers = exp(sub(x as Tensor, greatest));
    const total = sum(powers, axis, true); // [..., 1, ...]
    (save as (tensors: Tensor[]) => void)([div(powers, total)]);
    return {
      value: squeeze(add(log(total), greatest), [axis]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => mul(expandDims(dy, axis), saved[0]!),
    };
  });
  return op(values);
}
