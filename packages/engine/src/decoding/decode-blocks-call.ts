import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DecoderBlock, DecoderShape } from './decoder-block.js';

/** New positions of some texts, and what they pass through. */
export interface DecodeBlocksCall {
  /** `[B*T, D]`, the new positions of the first text, then of the next. */
  readonly x: Tensor2D;
  /** T, the same for all texts. */
  readonly positions: number;
  readonly shape: DecoderShape;
  readonly blocks: readonly DecoderBlock[];
  /** Of each text, keys and values of all blocks, `[blocks, 2, capacity, G*d]`. New ones are written behind the earlier ones, in place. */
  readonly caches: readonly Tensor4D[];
  /** Slots that hold earlier positions of the longest text; the others' end there too. */
  readonly slots: number;
  /** Of each text, its first slot that holds a position, which is the first one in its memory. */
  readonly firsts: readonly number[];
  /** `[1 or B, 1, T, slots + T]`, added to the scores of all heads. What comes after a position is hidden from it in any case. */
  readonly bias?: Tensor4D | undefined;
  /** `[B*T, d]`, as `rotary` takes them. */
  readonly cosine: Tensor2D;
  readonly sine: Tensor2D;
}
