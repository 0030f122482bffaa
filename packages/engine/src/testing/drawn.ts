import type { Tensor } from '@tensorflow/tfjs-core';
import { mul, sub, tidy } from '@tensorflow/tfjs-core';
import { createRandomStream } from '../random/create-random-stream.js';

/** A tensor of seeded draws from [-1, 1). */
export function drawn<Shape extends Tensor = Tensor>(
  shape: readonly number[],
  seed: string | number = 1,
): Shape {
  return tidy(() => sub(mul(createRandomStream(seed).uniformTensor(shape), 2), 1)) as Tensor as Shape;
}
