import type { Tensor } from '@tensorflow/tfjs-core';
import { relu as coreRelu } from '@tensorflow/tfjs-core';

/** `max(x, 0)`; its gradient at 0 is 0. Any shape. */
export function relu<Shape extends Tensor>(x: Shape): Shape {
  return coreRelu(x);
}
