import type { Tensor } from '@tensorflow/tfjs-core';
import { relu6 as coreRelu6 } from '@tensorflow/tfjs-core';

/** `min(max(x, 0), 6)` (Howard et al. 2017), MobileNet's activation. Any shape. */
export function relu6<Shape extends Tensor>(x: Shape): Shape {
  return coreRelu6(x);
}
