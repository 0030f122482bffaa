import type { Tensor3D } from '@eim/contracts/model';
import { tensor3d } from '@tensorflow/tfjs-core';
import type { TextStates } from './encode-texts.js';

/** Hidden states of one text, and how long it was then padded to be. */
export interface TextRecord {
  readonly record: Float32Array;
  readonly textLength: number;
}

/**
 * Records of texts of several lengths as one tensor, which the caller disposes of. Zeros behind a text's own length change nothing: no
 * real position sees those behind it.
 * @param textLength of the batch
 * @param of any text that records may be of: how many positions it has beyond its tokens
 */
export function gatherStates(
  records: readonly (TextRecord | undefined)[],
  textLength: number,
  { positions, hiddenSize, ...of }: Pick<TextStates, 'positions' | 'hiddenSize'> & { textLength: number },
): Tensor3D {
  const all = positions - of.textLength + textLength; // S
  const values = new Float32Array(records.length * all * hiddenSize);
  for (const [row, text] of records.entries()) {
    if (text) values.set(text.record, row * all * hiddenSize);
  }
  return tensor3d(values, [records.length, all, hiddenSize]) as Tensor3D; // [R, S, H]
}
