import { EimError } from '@eim/contracts';
import { elementCount, type WeightTensor } from '../dtype.js';
import { floatValues } from '../narrow-tensor.js';
import { type MatrixBlocks, matricesInBlocks } from './matrix-blocks.js';
import { runsOfTensor } from './runs-of-tensor.js';
import { findWeightFaults, listWeightFaults } from './weight-faults.js';
import type { MappableWeights, WeightRule, WeightsMap } from './weights-map.js';

/** A parameter that wants values. */
export interface WeightTarget {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What takes the values of parameters. */
export interface WeightReceiver {
  /** All values of a parameter, row-major. */
  give(name: string, values: Float32Array): void;
  /** Memory for the values of a parameter, to be filled piece by piece. Absent: they are given at once. */
  fill?(name: string): WeightFilling;
  /**
   * The matrices whose rows, one below the other, are a parameter or its transpose, in the blocks in which the file holds
   * them. Absent: they are widened, and given or filled like all others.
   */
  hold?(name: string, matrices: readonly MatrixBlocks[], of: 'parameter' | 'transpose'): Promise<void>;
}

/** Memory that a parameter's values are written into. */
export interface WeightFilling {
  /** Of all values, row-major. An engine may move it: valid until the next wait. */
  values(): Float32Array;
  /** All values are there. */
  finish(): void;
  /** The values will not come; gives the memory back. */
  abandon(): void;
}

export interface MapWeightsOptions {
  /** Matrices that the file holds in blocks stay so, where the receiver can hold them. @default false */
  readonly inBlocks?: boolean;
}

/**
 * Reads published weights into a model's parameters, one parameter in memory at a time, or a piece of one where it
 * is filled. All headers are compared with the map before the first value is read.
 * @param receiver takes the values of each target once; a function takes all values of a parameter
 * @throws EimError `invalid-file` that lists every tensor that is missing, of another shape or type, or unknown
 */
export async function mapWeights(
  weights: MappableWeights,
  { rules, ignores = () => false }: WeightsMap,
  targets: readonly WeightTarget[],
  receiver: WeightReceiver | WeightReceiver['give'],
  { inBlocks = false }: MapWeightsOptions = {},
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
  const taker: WeightReceiver = typeof receiver === 'function' ? { give: receiver } : receiver;
  for (const rule of rules) {
    const target = byName.get(rule.target)!;
    const matrices = inBlocks && taker.hold ? matricesInBlocks(weights, rule) : undefined;
    if (matrices) await taker.hold!(rule.target, matrices, rule.wholeRows!.of);
    else if (rule.place && taker.fill) await fillTarget(weights, rule, taker.fill(rule.target), target);
    else taker.give(rule.target, await combinedValues(weights, rule, target));
  }
}

async function combinedValues(
  weights: MappableWeights,
  { sources, combine }: WeightRule,
  target: WeightTarget,
): Promise<Float32Array> {
  const values: Float32Array[] = [];
  for (const { name } of sources) values.push(floatValues((await weights.read(name)) as WeightTensor));
  const combined = combine(values);
  checkCount(combined.length, target);
  return combined;
}

async function fillTarget(
  weights: MappableWeights,
  { sources, place }: WeightRule,
  filling: WeightFilling,
  target: WeightTarget,
): Promise<void> {
  try {
    checkCount(
      sources.reduce((sum, { shape }) => sum + elementCount(shape), 0),
      target,
    );
    for (const [index, { name, shape }] of sources.entries()) {
      const rowLength = elementCount(shape.slice(1));
      for await (const run of runsOfTensor(weights, name, rowLength)) place!(filling.values(), index, run);
    }
  } catch (error) {
    filling.abandon();
    throw error;
  }
  filling.finish();
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

function checkCount(count: number, { name, shape }: WeightTarget): void {
  if (count === elementCount(shape)) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `The weights map makes ${count} values of ${name}, whose shape [${shape}] needs ${elementCount(shape)}.`,
  });
}
