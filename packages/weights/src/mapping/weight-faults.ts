import type { MappableWeights, WeightRule } from './weights-map.js';

/** How a file and a map differ; all empty where they fit. */
export interface WeightFaults {
  readonly missing: readonly string[];
  readonly misshapen: readonly {
    readonly name: string;
    readonly expected: readonly number[];
    readonly actual: readonly number[];
  }[];
  /** Not of a type that float32 holds. */
  readonly mistyped: readonly { readonly name: string; readonly dtype: string }[];
  readonly unexpected: readonly string[];
}

const READABLE = new Set(['F64', 'F32', 'F16', 'BF16']);

export function findWeightFaults(
  weights: MappableWeights,
  rules: readonly WeightRule[],
  ignores: (name: string) => boolean,
): WeightFaults {
  const sources = rules.flatMap((rule) => rule.sources);
  const wanted = new Set(sources.map(({ name }) => name));
  const present = [...new Map(sources.map((source) => [source.name, source])).values()].filter(({ name }) =>
    weights.has(name),
  );
  return {
    missing: [...wanted].filter((name) => !weights.has(name)),
    misshapen: present
      .map(({ name, shape }) => ({ name, expected: shape, actual: weights.info(name).shape }))
      .filter(({ expected, actual }) => String(expected) !== String(actual)),
    mistyped: present
      .map(({ name }) => ({ name, dtype: weights.info(name).dtype }))
      .filter(({ dtype }) => !READABLE.has(dtype)),
    unexpected: weights.tensorNames.filter((name) => !wanted.has(name) && !ignores(name)),
  };
}

/** One line for each kind of fault that there is. */
export function listWeightFaults({ missing, misshapen, mistyped, unexpected }: WeightFaults): string[] {
  const shapes = misshapen.map(
    ({ name, expected, actual }) => `${name} is [${actual}] and should be [${expected}]`,
  );
  const types = mistyped.map(({ name, dtype }) => `${name} is ${dtype}`);
  return [
    ...listed('missing', missing),
    ...listed('of another shape', shapes),
    ...listed('not of a floating-point type that is read', types),
    ...listed('unexpected', unexpected),
  ];
}

const listed = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`  ${names.length} ${what}: ${names.join(', ')}`];
