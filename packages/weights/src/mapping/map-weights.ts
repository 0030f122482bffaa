import { EimError } from '@eim/contracts';
import { elementCount, type WeightTensor } from '../dtype.js';
import { floatValues } from '../narrow-tensor.js';
import { findWeightFaults, listWeightFaults } from './weight-faults.js';
import type { MappableWeights, WeightsMap } from './weights-map.js';

/** A parameter that wants values. */
export interface WeightTarget {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Reads published weights into a model's parameters, one parameter in memory at a time. All headers are compared
 * with the map before the first value is read.
 * @param give takes the values of one parameter, row-major; it is called once for each target
 * @throws EimError `invalid-file` that lists every tensor that is missing, of another shape or type, or unknown
 */
export async function mapWeights(
  weights: MappableWeights,
  { rules, ignores = () => false }: WeightsMap,
  targets: readonly WeightTarget[],
  give: (name: string, values: Float32Array) => void,
): Promise<void> {
  checkRules(rules, targets);
  const faults = findWeightFaults(weights, rules, ignores);
  const lines = listWeightFaults(faults);
  if (lines.length > 0) {
    throw new EimError({
      code: 'invalid-file',
      message: `${weights.name} does not hold the weights of this model.\n${lines.join('\n')}`,
      advice: 'It belongs to a model of another family or other sizes, or is incomplete.',
      data: { file: weights.name, ...faults },
    });
  }
  const byName = new Map(targets.map((target) => [target.name, target]));
  for (const { target, sources, combine } of rules) {
    const values: Float32Array[] = [];
    for (const { name } of sources) values.push(floatValues((await weights.read(name)) as WeightTensor));
    const combined = combine(values);
    checkCount(combined, byName.get(target)!);
    give(target, combined);
  }
}

/** A family's own map must cover its own model: anything else is a mistake in that package. */
function checkRules(rules: WeightsMap['rules'], targets: readonly WeightTarget[]): void {
  const made = new Set(rules.map(({ target }) => target));
  const names = new Set(targets.map(({ name }) => name));
  const wrong = [
    ...[...names].filter((name) => !made.has(name)).map((name) => `no rule makes ${name}`),
    ...[...made].filter((name) => !names.has(name)).map((name) => `the model has no ${name}`),
  ];
  if (wrong.length === 0) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `The weights map does not fit its model: ${wrong.join('; ')}.`,
  });
}

function checkCount(values: Float32Array, { name, shape }: WeightTarget): void {
  if (values.length === elementCount(shape)) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `The weights map makes ${values.length} values of ${name}, whose shape [${shape}] needs ${elementCount(shape)}.`,
  });
}
