import * as tf from '@tensorflow/tfjs-core';
import { MODEL, type ModelShape } from './model-shape.js';

/** What varies from step to step. */
export interface StepInputs {
  /** `[B*T]` int32 */
  readonly ids: tf.Tensor1D;
  /** `[B*T]` int32: the next token of each row. */
  readonly targets: tf.Tensor1D;
  /** `[1, 1, T, T]`: 0 where a query may look, -1e9 elsewhere. */
  readonly causalBias: tf.Tensor4D;
}

/** A fixed batch of made-up tokens. */
export function stepInputs({ vocabulary, batch, length }: ModelShape = MODEL): StepInputs {
  const rows = batch * length;
  const ids = Int32Array.from({ length: rows }, (_, row) => (row * 7919 + 13) % vocabulary);
  const targets = Int32Array.from({ length: rows }, (_, row) => (row * 104_729 + 7) % vocabulary);
  const bias = new Float32Array(length * length);
  for (let query = 0; query < length; query++)
    bias.fill(-1e9, query * length + query + 1, (query + 1) * length);
  return {
    ids: tf.tensor1d(ids, 'int32'),
    targets: tf.tensor1d(targets, 'int32'),
    causalBias: tf.tensor4d(bias, [1, 1, length, length]),
  };
}
