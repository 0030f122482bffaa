import type { Tensor3D, Tensor4D } from '@eim/contracts/model';
import { recomputed } from '@eim/engine';
import { reshape } from '@tensorflow/tfjs-core';

/** A part of a convolutional network: `[B, H, W, C]` to a grid of its own size. */
export interface GridBlock {
  apply(x: Tensor4D): Tensor4D;
}

export interface GridBlocksResult {
  readonly grid: Tensor4D;
  /** `[B, H*W, C]` after each block that was wanted, in order. */
  readonly after: readonly { readonly block: number; readonly tokens: Tensor3D }[];
}

/**
 * A grid through blocks one after another.
 * @param wanted blocks (1-based) whose outputs are returned as tokens
 * @param start blocks that `x` has passed already
 * @param recompute what a block computes on the way is not kept for the backward pass
 */
export function applyGridBlocks(
  blocks: readonly GridBlock[],
  x: Tensor4D,
  wanted: readonly number[],
  start = 0,
  recompute = false,
): GridBlocksResult {
  let grid = x;
  const after: { block: number; tokens: Tensor3D }[] = [];
  blocks.slice(start).forEach((block, index) => {
    grid = recompute ? recomputed((rows) => block.apply(rows), grid) : block.apply(grid);
    const number = start + index + 1;
    if (wanted.includes(number)) after.push({ block: number, tokens: gridTokens(grid) });
  });
  return { grid, after };
}

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

/** What a block does to the size of a grid. */
export interface GridBlockSizes {
  readonly outputSize: number;
  readonly stride: number;
}

/**
 * `[tokens, channels]` of square grids after each block (1-based), whose sides are rounded up where a stride does not divide them.
 * @param shrinkage by how much the first block's grid is smaller than the picture
 */
export function gridShapes(
  imageSize: number,
  shrinkage: number,
  blocks: readonly GridBlockSizes[],
): (block: number) => readonly [tokens: number, channels: number] {
  let side = Math.ceil(imageSize / shrinkage);
  const shapes = blocks.map(({ outputSize, stride }): readonly [number, number] => {
    side = Math.ceil(side / stride);
    return [side ** 2, outputSize];
  });
  return (block) => shapes[block - 1]!;
}
