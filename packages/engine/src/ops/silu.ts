import type { Tensor } from '@tensorflow/tfjs-core';
import { sigmoidGate } from './sigmoid-gate.js';

/** `x sigmoid(x)` (Elfwing et al. 2017), LLaMA's activation. Any shape. */
export function silu<Shape extends Tensor>(x: Shape): Shape {
  return sigmoidGate(x, 1);
}
