import type { Parameter } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { demand } from './demand.js';
import { readFlat } from './read-outputs.js';

/**
 * Norms of the steps of the central difference. The first is well above float32 rounding and below curvature; the
 * kinks of rectifiers inside it may still spoil the difference, so shorter ones are tried before a gradient is
 * called wrong.
 */
const STEPS = [1e-2, 2.5e-3, 6e-4];
const RELATIVE = 0.03;
const ABSOLUTE = 2e-3;

/**
 * Demands that gradients agree with central differences, for every parameter along its own gradient and along
 * a random direction (the first finds wrong sizes, the second missing contributions).
 *
 * The scalar is a fixed random combination of all outputs, summed in double precision outside the engine, so
 * that rounding there does not drown small differences.
 */
export async function checkGradients(
  parameters: readonly Parameter[],
  outputs: () => readonly tf.Tensor[],
): Promise<void> {
  const random = createRandomStream('gradient directions');
  const size = (await readFlat(outputs)).length;
  const mix = Float32Array.from({ length: size }, () => random.normal() / Math.sqrt(size));
  const value = async () =>
    (await readFlat(outputs)).reduce((sum, output, index) => sum + output * mix[index]!, 0);

  const gradients = await analyticGradients(parameters, outputs, mix);
  for (const [index, { name, variable }] of parameters.entries()) {
    const gradient = gradients[index]!;
    const norm = Math.hypot(...gradient);
    const signs = Array.from(gradient, () => (random.uniform() < 0.5 ? -1 : 1) / Math.sqrt(gradient.length));
    const directions = norm > ABSOLUTE ? [Array.from(gradient, (slope) => slope / norm), signs] : [signs];
    for (const direction of directions) {
      const expected = direction.reduce((sum, step, at) => sum + step * gradient[at]!, 0);
      const tolerance = ABSOLUTE + RELATIVE * norm;
      const changes: number[] = [];
      for (const step of STEPS) {
        const change = await centralDifference(variable, direction, value, step);
        changes.push(change);
        if (Math.abs(change - expected) <= tolerance) break;
      }
      demand(
        Math.abs(changes.at(-1)! - expected) <= tolerance,
        `the gradient of ${name} gives a slope of ${expected}, but the values change by ${changes.join(', ')} at shorter and shorter steps`,
      );
    }
  }
}

async function analyticGradients(
  parameters: readonly Parameter[],
  outputs: () => readonly tf.Tensor[],
  mix: Float32Array,
): Promise<Float32Array[]> {
  const variables = parameters.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(() => {
    const flat = tf.concat(outputs().map((output) => tf.reshape(output, [-1]))); // [size]
    return tf.sum(tf.mul(flat, tf.tensor1d(mix))) as tf.Scalar;
  }, variables);
  value.dispose();
  const gradients: Float32Array[] = [];
  for (const variable of variables) {
    const gradient = grads[variable.name];
    // Absent: nothing depends on it, and the difference must be zero as well.
    gradients.push(gradient ? Float32Array.from(await gradient.data()) : new Float32Array(variable.size));
  }
  tf.dispose(grads);
  return gradients;
}

async function centralDifference(
  variable: tf.Variable,
  direction: readonly number[],
  value: () => Promise<number>,
  step: number,
): Promise<number> {
  const original = Float32Array.from(await variable.data());
  const at = async (distance: number) => {
    const moved = original.map((number, index) => number + distance * direction[index]!);
    tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
    return value();
  };
  const difference = (await at(step)) - (await at(-step));
  tf.tidy(() => variable.assign(tf.tensor(original, variable.shape)));
  return difference / (2 * step);
}
