import { EimError } from '@eim/contracts';
import type { WeightTensor } from '@eim/weights';
import * as tf from '@tensorflow/tfjs-core';
import type { PartParameter } from '../compose/composed-model.js';

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

/**
 * Gives a model the values of tensors of the same names. Nothing changes unless everything fits.
 * @param source where the tensors came from, for messages
 * @throws EimError `invalid-file` with a {@link WeightMismatch} as its data, all faults at once
 */
export function assignParameters(
  model: { parameters(): readonly PartParameter[] },
  tensors: ReadonlyMap<string, WeightTensor>,
  source = 'the weights',
): void {
  const parameters = model.parameters();
  refuseMismatch(findMismatch(parameters, tensors), source);
  for (const { name, parameter } of parameters) {
    const { data, shape } = tensors.get(name)!;
    tf.tidy(() => parameter.variable.assign(tf.tensor(data as Float32Array, [...shape], 'float32')));
  }
}

function findMismatch(
  parameters: readonly PartParameter[],
  tensors: ReadonlyMap<string, WeightTensor>,
): WeightMismatch {
  const known = new Set(parameters.map(({ name }) => name));
  const present = parameters.filter(({ name }) => tensors.has(name));
  return {
    missing: parameters.map(({ name }) => name).filter((name) => !tensors.has(name)),
    unexpected: [...tensors.keys()].filter((name) => !known.has(name)),
    misshapen: present
      .map(({ name, parameter }) => ({
        name,
        expected: parameter.variable.shape,
        actual: tensors.get(name)!.shape,
      }))
      .filter(({ expected, actual }) => String(expected) !== String(actual)),
    mistyped: present
      .map(({ name }) => name)
      .filter((name) => !(tensors.get(name)!.data instanceof Float32Array)),
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
