import type { Tensor3D, Tensor4D } from '@eim/contracts/model';
import { reshape } from '@tensorflow/tfjs-core';

/** A grid `[B, H, W, C]` as tokens `[B, H*W, C]`, row by row. A tensor of its own, to be disposed of apart. */
export function gridTokens(grid: Tensor4D): Tensor3D {
  const [batch, height, width, channels] = grid.shape;
  return reshape(grid, [batch, height * width, channels]);
}
