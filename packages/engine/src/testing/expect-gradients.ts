import type { Tensor } from '@tensorflow/tfjs-core';
import { grads, mul, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import '../index.js';
import { drawn } from './drawn.js';

const STEP = 5e-3;

/**
 * Checks a function's gradients by all its inputs against central differences, entry by entry, on the current
 * engine. Float32 leaves about 1e-3 of the gradient's size to rounding.
 */
export function expectGradients(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): void {
  const scalarOf = (...values: Tensor[]): Tensor => {
    const result = fn(...values);
    return sum(mul(result, drawn(result.shape, 'direction')));
  };
  const analytic = grads(scalarOf)([...inputs]).map((gradient) => gradient.dataSync());
  for (const [index, input] of inputs.entries()) {
    const values = input.dataSync();
    const valueAt = (place: number, change: number): number => {
      const moved = Float32Array.from(values);
      moved[place]! += change;
      return tidy(() => {
        const replaced = inputs.map((one, other) => (other === index ? tensor(moved, input.shape) : one));
        return scalarOf(...replaced).arraySync() as number;
      });
    };
    for (let place = 0; place < values.length; place++) {
      const numeric = (valueAt(place, STEP) - valueAt(place, -STEP)) / (2 * STEP);
      const actual = analytic[index]![place]!;
      if (!(Math.abs(actual - numeric) < 2e-3 * (1 + Math.abs(numeric)))) {
        throw new Error(`gradient ${index}, entry ${place}: ${actual} where differences give ${numeric}`);
      }
    }
  }
}
