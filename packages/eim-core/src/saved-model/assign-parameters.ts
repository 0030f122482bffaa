import { EimError } from '@eim/contracts';
import type { WeightTensor } from '@eim/weights';
import * as tf from '@tensorflow/tfjs-core';
import type { PartParameter } from '../compose/composed-model.js';

/** Tensors by name, read one at a time. Readers of `@eim/weights` fit. */
export interface NamedTensors {
  readonly tensorNames: readonly string[];
  has(name: string): boolean;
  info(name: string): { readonly dtype: string; readonly shape: readonly number[] };
  read(name: string): Promise<WeightTensor>;
}

/** How tensors and a model differ; all empty where they fit. */
export interface WeightMismatch {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshapen: readonly {
    readonly name: string;
    readonly expected: readonly number[];
    readonly actual: readonly number[];
  }[];
  /** Not floating-point, by name. */
  readonly mistyped: readonly string[];
}

export interface AssignOptions {
  /** Names the source of the tensors in messages. @default 'the weights' */
  readonly source?: string;
  /** Parameters that may keep the values they have. @default none may */
  readonly mayLack?: (parameter: PartParameter) => boolean;
}

/**
 * Gives a model the values of tensors of the same names. Nothing changes unless everything fits, by names and shapes.
 * @throws EimError `invalid-file` with a {@link WeightMismatch} as its data, all faults at once
 */
export async function assignParameters(
  model: { parameters(): readonly PartParameter[] },
  tensors: NamedTensors,
  { source = 'the weights', mayLack = () => false }: AssignOptions = {},
): Promise<void> {
  const parameters = model.parameters();
  refuseMismatch(findMismatch(parameters, tensors, mayLack), source);
  for (const { name, parameter } of parameters) {
    if (!tensors.has(name)) continue;
    const { data } = await tensors.read(name);
    const values = data as Float32Array;
    if (parameter.awaiting) parameter.awaiting.give(values);
    else {
      const { variable } = parameter;
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, 'float32')));
    }
  }
}

/** A parameter's shape, whether or not it has values yet. */
export const shapeOf = ({ parameter }: PartParameter): readonly number[] =>
  parameter.awaiting?.shape ?? parameter.variable.shape;

const FLOATS = new Set(['F32', 'F16', 'BF16']);

function findMismatch(
  parameters: readonly PartParameter[],
  tensors: NamedTensors,
  mayLack: (parameter: PartParameter) => boolean,
): WeightMismatch {
  const known = new Set(parameters.map(({ name }) => name));
  const present = parameters.filter(({ name }) => tensors.has(name));
  return {
    missing: parameters
      .filter((parameter) => !tensors.has(parameter.name) && !mayLack(parameter))
      .map(({ name }) => name),
    unexpected: tensors.tensorNames.filter((name) => !known.has(name)),
    misshapen: present
      .map((parameter) => ({
        name: parameter.name,
        expected: shapeOf(parameter),
        actual: tensors.info(parameter.name).shape,
      }))
      .filter(({ expected, actual }) => String(expected) !== String(actual)),
    mistyped: present.map(({ name }) => name).filter((name) => !FLOATS.has(tensors.info(name).dtype)),
  };
}

function refuseMismatch(mismatch: WeightMismatch, source: string): void {
  const { missing, unexpected, misshapen, mistyped } = mismatch;
  const shapes = misshapen.map(
    ({ name, expected, actual }) => `${name} is [${actual}] and should be [${expected}]`,
  );
  const faults = [
    ...listed('missing', missing),
    ...listed('unexpected', unexpected),
    ...listed('of another shape', shapes),
    ...listed('not floating-point', mistyped),
  ];
  if (faults.length === 0) return;
  throw new EimError({
    code: 'invalid-file',
    message: `${source} does not fit the model.\n${faults.join('\n')}`,
    advice: 'It was saved from a model of other options.',
    data: { source, ...mismatch },
  });
}

const listed = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`  ${names.length} ${what}: ${names.join(', ')}`];

/** The values of parameters, under the names that {@link assignParameters} finds them by. */
export async function readParameters(parameters: readonly PartParameter[]): Promise<WeightTensor<'F32'>[]> {
  const tensors: WeightTensor<'F32'>[] = [];
  for (const { name, parameter } of parameters) {
    // A copy: some backends hand out their own memory.
    const data = Float32Array.from(await parameter.variable.data());
    tensors.push({ name, dtype: 'F32', shape: [...parameter.variable.shape], data });
  }
  return tensors;
}
