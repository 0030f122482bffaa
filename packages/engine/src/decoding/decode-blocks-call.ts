import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DecoderBlock, DecoderShape } from './decoder-block.js';

/** One new position of each row, and what it passes through. */
export interface DecodeBlocksCall {
  /** `[B, D]`, one new position of each row. */
  readonly x: Tensor2D;
  readonly shape: DecoderShape;
  readonly blocks: readonly DecoderBlock[];
  /** Keys and values of each block, `[B, capacity, G*d]`. The new ones are written into slot `slots`, in place. */
  readonly cache: readonly { readonly keys: Tensor3D; readonly values: Tensor3D }[];
  /** Slots that hold earlier positions; fewer than there is room for. */
  readonly slots: number;
  /** Of each row, its first slot that holds a position. */
  readonly firsts: readonly number[];
  /** `[1 or B, 1, 1, slots + 1]`, added to the scores of all heads. */
  readonly bias?: Tensor4D | undefined;
  /** `[B, d]`, as `rotary` takes them. */
  readonly cosine: Tensor2D;
  readonly sine: Tensor2D;
}
