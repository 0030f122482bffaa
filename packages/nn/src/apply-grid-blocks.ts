import type { Tensor3D, Tensor4D } from '@eim/contracts/model';
import { gridTokens } from './grid-tokens.js';

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
 */
export function applyGridBlocks(
  blocks: readonly GridBlock[],
  x: Tensor4D,
  wanted: readonly number[],
  start = 0,
): GridBlocksResult {
  let grid = x;
  const after: { block: number; tokens: Tensor3D }[] = [];
  blocks.slice(start).forEach((block, index) => {
    grid = block.apply(grid);
    const number = start + index + 1;
    if (wanted.includes(number)) after.push({ block: number, tokens: gridTokens(grid) });
  });
  return { grid, after };
}
