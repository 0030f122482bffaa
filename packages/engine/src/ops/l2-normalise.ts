import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { cast, div, greater, maximum, mul, sqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import { assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';

/**
 * Rows divided by their Euclidean length, as `torch.nn.functional.normalize`: `x / max(|x|, epsilon)`.
 * @param x `[N, D]`
 * @param epsilon @default 1e-12
 */
export function l2Normalise(x: Tensor2D, epsilon = 1e-12): Tensor2D {
  assertShape('l2Normalise', 'x', x, [null, null]);
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const length = sqrt(sum(square(x), 1, true)); // [N, 1]
      const divisor = maximum(length, epsilon); // [N, 1]
      const unit = div(x, divisor) as Tensor2D; // [N, D]
      // Below epsilon the divisor is constant and the projection drops out.
      save([unit, divisor, cast(greater(length, epsilon), 'float32')]);
      return unit;
    },
    gradients: (dy, [unit, divisor, longEnough]) => ({
      x: () => {
        const along = mul(sum(mul(dy, unit!), 1, true), longEnough!); // [N, 1]
        return div(sub(dy, mul(unit!, along)), divisor!) as Tensor; // [N, D]
      },
    }),
  });
}
