import type { Tensor } from '@tensorflow/tfjs-core';
import { tanh as coreTanh } from '@tensorflow/tfjs-core';

/** Hyperbolic tangent. Any shape. */
export function tanh<Shape extends Tensor>(x: Shape): Shape {
  return coreTanh(x);
}
