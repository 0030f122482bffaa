import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { QuantisedMatrix } from '../quantised/quantised-matrix.js';

/** A linear layer whose weight lies in blocks. */
export interface DecoderMatrix {
  readonly weight: QuantisedMatrix;
  /** `[rows]` */
  readonly bias?: Tensor1D | undefined;
}

/** The weights of one pre-norm block with RMS norm, rotary positions and a gated feed-forward network. */
export interface DecoderBlock {
  /** `[D]` */
  readonly attentionGain: Tensor1D;
  /** Query, key and value one below the other. */
  readonly queryKeyValue: DecoderMatrix;
  readonly attentionOutput: DecoderMatrix;
  /** `[D]` */
  readonly feedForwardGain: Tensor1D;
  readonly gate: DecoderMatrix;
  readonly input: DecoderMatrix;
  readonly output: DecoderMatrix;
}

/** What is alike in all blocks. */
export interface DecoderShape {
  readonly headCount: number;
  readonly keyValueHeadCount: number;
  readonly epsilon: number;
  /** The gate is `x sigmoid(slope (x + cubic x^3))`. */
  readonly slope: number;
  readonly cubic: number;
}
