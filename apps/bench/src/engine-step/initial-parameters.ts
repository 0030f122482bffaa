import * as tf from '@tensorflow/tfjs-core';
import { MODEL, type ModelShape } from './model-shape.js';

/** Variables by name: GPT-2's block with pre-norm, the output layer tied to the token embedding. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** Freshly drawn parameters, from a seed, on the current backend. */
export function initialParameters(shape: ModelShape = MODEL): Parameters {
  const { width, layers, vocabulary, length } = shape;
  const parameters = new Map<string, tf.Variable>();
  let seed = 1;
  const normal = (name: string, shape: number[]) =>
    parameters.set(
      name,
      tf.variable(
        tf.tidy(() => tf.randomNormal(shape, 0, 0.02, 'float32', seed++)),
        true,
        name,
      ),
    );
  const constant = (name: string, size: number, value: number) =>
    parameters.set(name, tf.variable(tf.fill([size], value), true, name));
  const norm = (name: string) => {
    constant(`${name}.gain`, width, 1);
    constant(`${name}.bias`, width, 0);
  };
  const linear = (name: string, inputs: number, outputs: number) => {
    normal(`${name}.weight`, [inputs, outputs]);
    constant(`${name}.bias`, outputs, 0);
  };

  normal('tokens', [vocabulary, width]);
  normal('positions', [length, width]);
  for (let layer = 0; layer < layers; layer++) {
    norm(`${layer}.norm1`);
    for (const name of ['query', 'key', 'value', 'output']) linear(`${layer}.${name}`, width, width);
    norm(`${layer}.norm2`);
    linear(`${layer}.expand`, width, 4 * width);
    linear(`${layer}.contract`, 4 * width, width);
  }
  norm('final');
  return parameters;
}
