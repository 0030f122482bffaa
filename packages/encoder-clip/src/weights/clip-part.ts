import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';

/** The two towers of a CLIP model. */
export type ClipSide = 'vision' | 'text';

/** What the tensors of one tower do not tell. */
export interface ClipPart {
  readonly activation: NonNullable<ClipEncoderOptionsInput['activation']>;
  readonly headCount: number;
  readonly normEpsilon: number;
}
