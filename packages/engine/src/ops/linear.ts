import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { add, matMul } from '@tensorflow/tfjs-core';
import { quantisedLinear } from '../quantised/quantised-linear.js';
import { QuantisedMatrix } from '../quantised/quantised-matrix.js';
import { assertShape } from './assert-shape.js';
import { columnSums } from './column-sums.js';
import { differentiable } from './differentiable.js';
import { hasOwnKernel, runOwnKernel } from './own-kernel.js';

const PLAIN = { transposeA: false, transposeB: false, activation: 'linear' };

/**
 * `x W + b`.
 * @param x `[N, I]`
 * @param weight `[I, O]`; one in blocks lies as `[O, I]`, and no gradient is taken by it
 * @param bias `[O]`
 * @returns `[N, O]`
 */
export function linear(x: Tensor2D, weight: Tensor2D | QuantisedMatrix, bias?: Tensor1D): Tensor2D {
  assertShape('linear', 'x', x, [null, null]);
  if (weight instanceof QuantisedMatrix) {
    assertShape('linear', 'x', x, [null, weight.columns]);
    if (bias) assertShape('linear', 'bias', bias, [weight.rows]);
    return quantisedLinear(x, weight, bias);
  }
  assertShape('linear', 'weight', weight, [x.shape[1], null]);
  if (bias) assertShape('linear', 'bias', bias, [weight.shape[1]]);
  const isFused = hasOwnKernel('EimColumnSums');
  const forward = (save: (tensors: Tensor[]) => void): Tensor2D => {
    save([x, weight]);
    if (bias && isFused) return runOwnKernel<Tensor2D>('_FusedMatMul', { a: x, b: weight, bias }, PLAIN);
    const product = matMul<Tensor2D>(x, weight); // [N, O]
    return bias ? add<Tensor2D>(product, bias) : product;
  };
  const gradients = (dy: Tensor2D, [input, kernel]: Tensor[]) => ({
    x: () => matMul(dy, kernel as Tensor2D, false, true), // [N, I]
    weight: () => matMul(input as Tensor2D, dy, true, false), // [I, O]
    bias: () => columnSums(dy), // [O]
  });
  return bias
    ? differentiable({ inputs: { x, weight, bias }, forward, gradients })
    : differentiable({ inputs: { x, weight }, forward, gradients });
}
