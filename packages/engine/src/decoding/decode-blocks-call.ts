import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DecoderBlock, DecoderShape } from './decoder-block.js';

/** New positions of some texts, and what they pass through. */
export interface DecodeBlocksCall {
  /** `[B*T, D]`, the new positions of the first text, then of the next. */
  readonly x: Tensor2D;
  /** T, the same for all texts. */
  readonly positions: number;
  readonly shape: DecoderShape;
  readonly blocks: readonly DecoderBlock[];
  /** Keys and values of each block, `[B, capacity, G*d]`. The new ones are written into the slots from `slots` on, in place. */
  readonly cache: readonly { readonly keys: Tensor3D; readonly values: Tensor3D }[];
  /** Slots that hold earlier positions; fewer than there is room for. */
  readonly slots: number;
  /** Of each text, its first slot that holds a position. */
  readonly firsts: readonly number[];
  /** `[1 or B, 1, T, slots + T]`, added to the scores of all heads. What comes after a position is hidden from it in any case. */
  readonly bias?: Tensor4D | undefined;
  /** `[B*T, d]`, as `rotary` takes them. */
  readonly cosine: Tensor2D;
  readonly sine: Tensor2D;
}
