import type { Parametric } from '@eim/contracts/model';

/**
 * Reads the values of a part's parameters by their names; undefined for a name that it has not.
 * @example
 * const values = await parameterValues(llm)('finalNorm.gain'); // Float32Array, a copy
 */
export function parameterValues(
  part: Pick<Parametric, 'parameters'>,
): (name: string) => Promise<Float32Array | undefined> {
  const variables = new Map(part.parameters().map(({ name, variable }) => [name, variable]));
  return async (name) => {
    const values = await variables.get(name)?.data();
    return values && Float32Array.from(values);
  };
}
