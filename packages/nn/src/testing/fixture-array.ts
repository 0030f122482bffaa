import type { Parameter, Tensor } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** A tensor in a JSON fixture, as tools/reference/fixture_arrays.py writes it. */
export interface FixtureArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Little-endian values. */
  readonly base64: string;
}

export function fixtureTensor<Shape extends Tensor = Tensor>({ dtype, shape, base64 }: FixtureArray): Shape {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const values = dtype === 'int32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
  return tf.tensor(values, [...shape], dtype as 'int32' | 'float32') as Shape;
}

/** Sets every parameter from a fixture; a name or shape that does not fit both sides throws. */
export function setParameters(
  parameters: readonly Parameter[],
  weights: Readonly<Record<string, FixtureArray>>,
): void {
  const names = parameters.map(({ name }) => name);
  const unknown = Object.keys(weights).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`The fixture has weights that the model lacks: ${unknown.join(', ')}`);
  for (const { name, variable } of parameters) {
    const array = weights[name];
    if (array === undefined) throw new Error(`The fixture lacks '${name}'`);
    const value = fixtureTensor(array);
    variable.assign(value);
    value.dispose();
  }
}
