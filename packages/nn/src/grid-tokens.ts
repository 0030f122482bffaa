import type { Tensor3D, Tensor4D } from '@eim/contracts/model';
import { reshape } from '@tensorflow/tfjs-core';

/** A grid `[B, H, W, C]` as tokens `[B, H*W, C]`, row by row. A tensor of its own, to be disposed of apart. */
export function gridTokens(grid: Tensor4D): Tensor3D {
  const [batch, height, width, channels] = grid.shape;
  return reshape(grid, [batch, height * width, channels]);
}

/** Tokens `[B, N, C]` of a square grid as the grid `[B, H, H, C]`, row by row: what {@link gridTokens} undoes. */
export function tokensGrid(tokens: Tensor3D): Tensor4D {
  const [batch, count, channels] = tokens.shape;
  const side = Math.round(Math.sqrt(count));
  return reshape(tokens, [batch, side, side, channels]);
}
