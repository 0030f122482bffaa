import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.tidy` for work that returns objects: frees every tensor made inside but those in the result's own
 * enumerable properties. Tensors inside a Map or Set would be freed, so none may be returned in one.
 */
export const tidied = <Result>(work: () => Result): Result =>
  tf.tidy(work as () => tf.TensorContainer) as Result;
