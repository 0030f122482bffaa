import type { Parameter, ParameterRole, RandomStream } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

export interface CreateParameterOptions {
  readonly role: ParameterRole;
  readonly depth: number;
  readonly random: RandomStream;
  /** Standard deviation of the normal draw; 0 gives zeros. */
  readonly deviation?: number;
  /** Every element this value, in place of a draw. */
  readonly constant?: number;
}

/** A freshly drawn parameter. */
export function createParameter(
  name: string,
  shape: readonly number[],
  { role, depth, random, deviation = 0.3, constant }: CreateParameterOptions,
): Parameter {
  const size = shape.reduce((product, side) => product * side, 1);
  const stream = random.fork(name);
  const values = Float32Array.from({ length: size }, () => constant ?? stream.normal() * deviation);
  const initial = tf.tensor(values, [...shape], 'float32');
  const variable = tf.variable(initial);
  initial.dispose();
  return { name, variable, role, depth };
}
