import type { RandomStream } from '@eim/contracts/model';
import type { Tensor } from '@tensorflow/tfjs-core';
import { cast, clone, greaterEqual, mul, tidy } from '@tensorflow/tfjs-core';
import { assertArgument } from './assert-shape.js';
import { differentiable } from './differentiable.js';

/**
 * Zeroes each value with probability `rate` and scales the rest by `1 / (1 - rate)` (Srivastava et al. 2014,
 * in the inverted form). Any shape.
 * @param rate in [0, 1)
 */
export function dropout<Shape extends Tensor>(x: Shape, rate: number, random: RandomStream): Shape {
  assertRate(rate);
  if (rate === 0) return clone(x);
  const mask = dropoutMask(x.shape, rate, random);
  const result = differentiable({
    inputs: { x },
    forward: (save) => {
      save([mask]);
      return mul(x, mask) as Shape;
    },
    gradients: (dy, [savedMask]) => ({ x: () => mul(dy, savedMask!) as Tensor }),
  });
  mask.dispose();
  return result;
}

/** 0 with probability `rate` and `1 / (1 - rate)` elsewhere. */
export function dropoutMask(shape: number[], rate: number, random: RandomStream): Tensor {
  return tidy(() => {
    const kept = cast(greaterEqual(random.uniformTensor(shape), rate), 'float32');
    return mul(kept, 1 / (1 - rate)) as Tensor;
  });
}

/** Throws where a share to drop is not in [0, 1). */
export function assertRate(rate: number): void {
  assertArgument('dropout', rate >= 0 && rate < 1, `rate is ${rate}; it must be in [0, 1).`);
}
