import { layerNorm, linear } from '@eim/engine';
import type * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from './initial-parameters.js';

/** The model's matrices and layers by the names of their parameters. */
export function namedLayers(parameters: Parameters) {
  const matrix = (name: string) => parameters.get(name) as tf.Tensor as tf.Tensor2D;
  const vector = (name: string) => parameters.get(name) as tf.Tensor as tf.Tensor1D;
  const project = (x: tf.Tensor2D, name: string) =>
    linear(x, matrix(`${name}.weight`), vector(`${name}.bias`));
  const normalise = (x: tf.Tensor2D, name: string) =>
    layerNorm(x, vector(`${name}.gain`), vector(`${name}.bias`), 1e-5);
  return { matrix, project, normalise };
}
