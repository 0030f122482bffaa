import { add, mul, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { hasOwnKernel, runOwnKernel } from './own-kernel.js';

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

/** `x sigmoid(slope (x + cubic x^3))` in one pass forward and one backward, which keep nothing but x. Any shape. */
export function fusedGate<Shape extends Tensor>(x: Shape, slope: number, cubic: number): Shape {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      save([x]);
      return runOwnKernel<Shape>('EimGate', { x }, { slope, cubic });
    },
    gradients: (dy, [input]) => ({
      x: () => runOwnKernel('EimGateGradient', { x: input, dy }, { slope, cubic }),
    }),
  });
}
