import type { Tensor } from '@tensorflow/tfjs-core';
import { add, mul, sigmoid, sub } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { fusedGate } from './fused-gate.js';
import { hasOwnKernel } from './own-kernel.js';

/** `x sigmoid(slope x)`: SiLU with slope 1, CLIP's quick GELU with 1.702. */
export function sigmoidGate<Shape extends Tensor>(x: Shape, slope: number): Shape {
  if (hasOwnKernel('EimGate')) return fusedGate(x, slope, 0);
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const gate = sigmoid(slope === 1 ? x : mul(x, slope));
      save([x, gate]);
      return mul(x, gate) as Shape;
    },
    gradients: (dy, [input, gate]) => ({
      x: () => {
        const inner = add(mul(mul(input!, slope), sub(1, gate!)), 1);
        return mul(dy, mul(gate!, inner)) as Tensor;
      },
    }),
  });
}
