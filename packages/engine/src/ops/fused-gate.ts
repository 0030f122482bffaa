import type { Tensor } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { runOwnKernel } from './own-kernel.js';

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
