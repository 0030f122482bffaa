import { add, mul, sigmoid, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { hasOwnKernel } from './own-kernel.js';
import { fusedGate } from './sigmoid-gate.js';

/** 2 sqrt(2 / pi), since 0.5 (1 + tanh(z)) = sigmoid(2 z). */
export const GELU_SLOPE = 2 * Math.sqrt(2 / Math.PI);
export const GELU_CUBIC = 0.044715;

/** GELU in its tanh form (Hendrycks and Gimpel 2016, section 2), as GPT-2 uses it. Any shape. */
export function gelu<Shape extends Tensor>(x: Shape): Shape {
  if (hasOwnKernel('EimGate')) return fusedGate(x, GELU_SLOPE, GELU_CUBIC);
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const argument = mul(x, add(mul(square(x), GELU_SLOPE * GELU_CUBIC), GELU_SLOPE));
      const gate = sigmoid(argument);
      save([x, gate]);
      return mul(x, gate) as Shape;
    },
    gradients: (dy, [input, gate]) => ({
      x: () => {
        const slope = add(mul(square(input!), 3 * GELU_SLOPE * GELU_CUBIC), GELU_SLOPE);
        const inner = add(mul(mul(input!, slope), sub(1, gate!)), 1);
        return mul(dy, mul(gate!, inner)) as Tensor;
      },
    }),
  });
}
