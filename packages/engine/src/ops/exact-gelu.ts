import type { Tensor } from '@tensorflow/tfjs-core';
import { add, erf, exp, mul, square } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';

/**
 * `x P(X <= x)` for a standard normal X: GELU as first defined (Hendrycks and Gimpel 2016, section 2) and as
 * open_clip's own models use it, with the error function instead of a tanh. Any shape.
 */
export function exactGelu<Shape extends Tensor>(x: Shape): Shape {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const below = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5); // P(X <= x)
      save([x, below]);
      return mul(x, below) as Shape;
    },
    gradients: (dy, [input, below]) => ({
      x: () => {
        const density = mul(exp(mul(square(input!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return mul(dy, add(below!, mul(input!, density))) as Tensor;
      },
    }),
  });
}
