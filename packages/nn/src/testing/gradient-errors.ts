import type { RandomStream, Tensor, Variable } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

export interface GradientCheck {
  readonly name: string;
  /** |by difference - by gradient| over the greater of the two and the floor. */
  readonly error: number;
}

export interface GradientCheckOptions {
  readonly variables: readonly { readonly name: string; readonly variable: Variable }[];
  /** A scalar; the same at each call. */
  readonly loss: () => Tensor;
  readonly random: RandomStream;
  /** Length of the step, in units of the variable's own. @default 1e-2 */
  readonly step?: number;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
};

/**
 * Compares each variable's gradient with a central difference along a random direction of length 1. In
 * float32 the two agree to about 1e-2 where the gradient is right.
 */
export function gradientErrors(options: GradientCheckOptions): GradientCheck[] {
  const { variables, loss, random, step = 1e-2 } = options;
  const measure = (): number => tf.tidy(() => loss().dataSync()[0]!);
  const list = variables.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(() => loss() as tf.Scalar, list);
  value.dispose();
  const floor = 1e-3 * Math.max(...Object.values(grads).map((gradient) => norm(gradient)));
  const checks = variables.map(({ name, variable }) => {
    const direction = Float32Array.from({ length: variable.size }, () => random.normal());
    const length = Math.sqrt(dot(direction, direction));
    const along = dot(grads[variable.name]!.dataSync(), direction) / length;
    const start = variable.dataSync().slice();
    const at = (distance: number): number => {
      setValues(
        variable,
        start.map((entry, index) => entry + (distance * direction[index]!) / length),
      );
      return measure();
    };
    const difference = (at(step) - at(-step)) / (2 * step);
    setValues(variable, start);
    return {
      name,
      error: Math.abs(difference - along) / Math.max(Math.abs(along), Math.abs(difference), floor),
    };
  });
  tf.dispose(grads);
  return checks;
}

function setValues(variable: Variable, values: tf.TypedArray): void {
  const value = tf.tensor(values as Float32Array, variable.shape, 'float32');
  variable.assign(value);
  value.dispose();
}

function norm(gradient: Tensor): number {
  const values = gradient.dataSync();
  return Math.sqrt(dot(values, values));
}
