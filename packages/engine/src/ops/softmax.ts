import type { Tensor } from '@tensorflow/tfjs-core';
import { softmax as coreSoftmax, mul, sub, sum } from '@tensorflow/tfjs-core';
import { assertArgument } from './assert-shape.js';
import { differentiable } from './differentiable.js';
import { hasOwnKernel, runOwnKernel } from './own-kernel.js';

/** Softmax over the last axis, safe for large values. `[N, D]`, or any rank of 1 and above. */
export function softmax<Shape extends Tensor>(x: Shape): Shape {
  assertArgument('softmax', x.rank > 0, 'x is a scalar; it needs an axis to sum over.');
  const isFused = hasOwnKernel('EimSoftmax');
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const probabilities = isFused ? runOwnKernel<Shape>('EimSoftmax', { x }, { scale: 1 }) : coreSoftmax(x);
      save([probabilities]);
      return probabilities;
    },
    gradients: (dy, [probabilities]) => ({
      x: () => {
        if (isFused) return runOwnKernel('EimSoftmaxGradient', { probabilities, dy }, { scale: 1 });
        const weighted = mul(dy, probabilities!);
        return sub(weighted, mul(sum(weighted, -1, true), probabilities!)) as Tensor;
      },
    }),
  });
}
