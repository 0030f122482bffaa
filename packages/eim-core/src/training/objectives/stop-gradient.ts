import type { Tensor } from '@eim/contracts/model';
import { customGrad, zerosLike } from '@tensorflow/tfjs-core';

/** The same values, as a constant to everything that differentiates through them. */
export function stopGradient<T extends Tensor>(tensor: T): T {
  return customGrad((x) => ({ value: (x as T).clone(), gradFunc: (dy) => zerosLike(dy) }))(tensor) as T;
}
