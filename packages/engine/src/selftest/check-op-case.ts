import type { Tensor } from '@tensorflow/tfjs-core';
import { grads, mul, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import { createRandomStream } from '../random/create-random-stream.js';
import { type Array64, sizeOf } from './array64.js';
import type { CaseInput, OpCase } from './op-case.js';

/** Distance of the central differences: their error in float64 is about its square. */
const STEP = 1e-5;
/** Entries of each input whose gradient is checked. */
const CHECKED_ENTRIES = 12;
const CHECKED_ENTRIES_OF_MANY = 4;
const MANY = 1000;
const TOLERANCE = 2e-5;

export interface CheckedCase {
  /** Largest error of a value or gradient, relative to the larger of 1 and what it should be. */
  readonly error: number;
  /** Where it is too large, in words. */
  readonly problem?: string;
}

/**
 * Runs an operation on the current engine and compares its values with the float64 reference, and its gradients
 * along a drawn direction with central differences of that reference.
 */
export async function checkOpCase(opCase: OpCase): Promise<CheckedCase> {
  const given = opCase.inputs.map(valuesOf);
  const expected = opCase.reference(...given);
  const found = await runCase(opCase, given, expected);
  if (found.shape.join() !== expected.shape.join()) {
    return {
      error: Number.POSITIVE_INFINITY,
      problem: `shape [${found.shape}] instead of [${expected.shape}]`,
    };
  }
  const worst = new Worst(opCase.tolerance ?? TOLERANCE);
  for (const [index, value] of expected.values.entries())
    worst.see(`value ${index}`, found.values[index]!, value);
  for (const [input, gradient] of found.gradients) {
    const size = given[input]!.values.length;
    const scale = largest(gradient);
    for (const entry of checkedEntries(size)) {
      const slope = directionalSlope(opCase, given, input, entry, found.direction);
      worst.see(`gradient ${input}, entry ${entry}`, gradient[entry]!, slope, scale);
    }
  }
  return worst.result();
}

interface CaseOutcome {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly direction: Float64Array;
  /** By place of the input. */
  readonly gradients: ReadonlyMap<number, ArrayLike<number>>;
}

/** Values are read asynchronously: WebGPU knows no other way. */
async function runCase(opCase: OpCase, given: readonly Array64[], expected: Array64): Promise<CaseOutcome> {
  const direction = drawnValues(sizeOf(expected.shape), 'direction');
  const places = given.flatMap((_, index) => (opCase.inputs[index]!.integers ? [] : [index]));
  const [output, ...slopes] = tidy(() => {
    const inputs = given.map(({ shape, values }, index) =>
      opCase.inputs[index]!.integers
        ? tensor(Int32Array.from(values), [...shape], 'int32')
        : tensor(Float32Array.from(values), [...shape]),
    );
    const result = opCase.run(...inputs);
    if (opCase.backward === false || result.shape.join() !== expected.shape.join()) return [result];
    const along = (...floats: Tensor[]): Tensor => {
      const all = inputs.map((input, index) =>
        places.includes(index) ? floats[places.indexOf(index)]! : input,
      );
      return sum(mul(opCase.run(...all), tensor(Float32Array.from(direction), [...expected.shape])));
    };
    return [result, ...grads(along)(places.map((place) => inputs[place]!))];
  }) as [Tensor, ...Tensor[]];
  const gradients = new Map<number, ArrayLike<number>>();
  for (const [index, slope] of slopes.entries()) gradients.set(places[index]!, await slope.data());
  const values = Float64Array.from(await output.data());
  const { shape } = output;
  for (const one of [output, ...slopes]) one.dispose();
  return { shape, values, direction, gradients };
}

function directionalSlope(
  opCase: OpCase,
  given: readonly Array64[],
  input: number,
  entry: number,
  direction: Float64Array,
): number {
  const valueAt = (change: number): number => {
    const moved = given.map((one, index) => {
      if (index !== input) return one;
      const values = Float64Array.from(one.values);
      values[entry]! += change;
      return { shape: one.shape, values };
    });
    return opCase
      .reference(...moved)
      .values.reduce((total, value, index) => total + value * direction[index]!, 0);
  };
  return (valueAt(STEP) - valueAt(-STEP)) / (2 * STEP);
}

/** The input's values, exactly as float32 holds them. */
function valuesOf({ shape, scale = 1, integers, values }: CaseInput, index: number): Array64 {
  const chosen = integers ?? values;
  if (chosen) return { shape, values: Float64Array.from(Float32Array.from(chosen)) };
  return { shape, values: drawnValues(sizeOf(shape), index).map((value) => value * scale) };
}

function drawnValues(count: number, seed: string | number): Float64Array {
  const random = createRandomStream(`op-case/${seed}`);
  return Float64Array.from({ length: count }, () => Math.fround(random.uniform() * 2 - 1));
}

function checkedEntries(size: number): number[] {
  const most = size > MANY ? CHECKED_ENTRIES_OF_MANY : CHECKED_ENTRIES;
  const stride = Math.max(1, Math.floor(size / most));
  return Array.from({ length: Math.min(size, most) }, (_, index) => index * stride);
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

class Worst {
  #error = 0;
  #problem: string | undefined;
  constructor(private readonly tolerance: number) {}

  see(what: string, actual: number, expected: number, scale = 0): void {
    const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected), scale);
    if (!(error <= this.tolerance) && this.#problem === undefined)
      this.#problem = `${what} is ${actual} where float64 gives ${expected}`;
    this.#error = Math.max(this.#error, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }

  result(): CheckedCase {
    return this.#problem === undefined
      ? { error: this.#error }
      : { error: this.#error, problem: this.#problem };
  }
}
