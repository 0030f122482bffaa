import type { Tensor4D } from '@eim/contracts/model';
import { tensor } from '@tensorflow/tfjs-core';

/** The pixels of `formula_pixels` in tools/reference/efficientnet_weights_fixture.py. @returns `[1, side, side, 3]` */
export function formulaPixels(side: number): Tensor4D {
  const values = Float32Array.from({ length: side * side * 3 }, (_, at) => {
    const [channel, pixel] = [at % 3, Math.floor(at / 3)];
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    return ((((3 * x + 5 * y + 40 * channel) ^ ((x * y) >> 3)) & 255) - 127) / 128;
  });
  return tensor(values, [1, side, side, 3]) as Tensor4D;
}
