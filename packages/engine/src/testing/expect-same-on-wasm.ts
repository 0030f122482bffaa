import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { grads, mul, sum, tensor, tidy, util } from '@tensorflow/tfjs-core';
import type { EngineName } from '../start/engine-types.js';
import '../index.js';
import { startEngine } from '../start/start-engine.js';
import { drawn } from './drawn.js';

/** A tensor that can be made anew on every engine. */
export interface Given {
  readonly shape: readonly number[];
  /** Absent: seeded draws from [-1, 1). */
  readonly values?: readonly number[];
  /** @default float32 */
  readonly dtype?: DataType;
}

interface Outcome {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly gradients: readonly ArrayLike<number>[];
}

/**
 * Runs a function on the cpu engine and on wasm, forward and (by its float inputs) backward, and compares every
 * value.
 */
export async function expectSameOnWasm(
  fn: (...inputs: Tensor[]) => Tensor,
  given: readonly Given[],
  { tolerance = 2e-5, backward = true } = {},
): Promise<void> {
  const reference = await outcomeOn('cpu', fn, given, backward);
  const actual = await outcomeOn('wasm', fn, given, backward);
  util.assertShapesMatch([...actual.shape], [...reference.shape], 'on wasm and on cpu: ');
  expectClose('result', actual.values, reference.values, tolerance);
  for (const [index, gradient] of reference.gradients.entries()) {
    expectClose(`gradient ${index}`, actual.gradients[index]!, gradient, tolerance);
  }
}

async function outcomeOn(
  engine: EngineName,
  fn: (...inputs: Tensor[]) => Tensor,
  given: readonly Given[],
  backward: boolean,
): Promise<Outcome> {
  await startEngine({ engine });
  const results: { shape: readonly number[]; values: ArrayLike<number>; gradients: ArrayLike<number>[] } = {
    shape: [],
    values: [],
    gradients: [],
  };
  tidy(() => {
    const inputs = given.map(({ shape, values, dtype = 'float32' }, index) =>
      values ? tensor([...values], [...shape], dtype) : drawn(shape, index),
    );
    const output = fn(...inputs);
    results.shape = output.shape;
    results.values = output.dataSync();
    if (!backward) return;
    const floats = inputs.filter((input) => input.dtype === 'float32');
    const scalarOf = (...values: Tensor[]): Tensor => {
      const left = [...values];
      const result = fn(...inputs.map((input) => (input.dtype === 'float32' ? left.shift()! : input)));
      return sum(mul(result, drawn(result.shape, 'direction')));
    };
    results.gradients = grads(scalarOf)(floats).map((gradient) => gradient.dataSync());
  });
  return results;
}

function expectClose(
  what: string,
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  tolerance: number,
): void {
  if (actual.length !== reference.length) {
    throw new Error(`${what}: ${actual.length} values on wasm, ${reference.length} on cpu`);
  }
  for (let index = 0; index < reference.length; index++) {
    const difference = Math.abs(actual[index]! - reference[index]!);
    const allowed = tolerance * Math.max(1, Math.abs(reference[index]!));
    if (!(difference <= allowed)) {
      throw new Error(`${what}, entry ${index}: ${actual[index]} on wasm, ${reference[index]} on cpu`);
    }
  }
}
