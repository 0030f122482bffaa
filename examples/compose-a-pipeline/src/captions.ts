import type { Tokenizer } from '@eim/contracts';
import * as tf from '@tensorflow/tfjs-core';

/** Captions as rows of one length, and which tokens are to be predicted. */
export interface CaptionTensors {
  /** `[R, T]` int32: begin, caption, end, padding */
  readonly ids: tf.Tensor2D;
  /** `[R, T]` */
  readonly mask: tf.Tensor2D;
  /** `[N]` int32, flat indices of the tokens to predict */
  readonly targetIndices: tf.Tensor1D;
}

export function captionTensors(captions: readonly string[], tokenizer: Tokenizer): CaptionTensors {
  const { begin, end, pad } = tokenizer.specialTokens;
  const first = begin === undefined ? [] : [begin];
  const rows = captions.map((caption) => [...first, ...tokenizer.encode(caption), end]);
  const length = Math.max(...rows.map((row) => row.length));
  const padded = rows.map((row) => [...row, ...new Array<number>(length - row.length).fill(pad)]);
  const mask = rows.map((row) => Array.from({ length }, (_, position) => (position < row.length ? 1 : 0)));
  const targets = rows.flatMap((row, index) =>
    row.slice(first.length).map((_, position) => index * length + first.length + position),
  );
  return {
    ids: tf.tensor2d(padded, [rows.length, length], 'int32'),
    mask: tf.tensor2d(mask, [rows.length, length]),
    targetIndices: tf.tensor1d(targets, 'int32'),
  };
}
