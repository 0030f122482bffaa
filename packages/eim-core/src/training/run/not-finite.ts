import { EimError } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { PART_NAMES, type PartName } from '../../compose/composed-model.js';
import type { NamedArray, NamedVariable } from '../optimizer/snapshot.js';
import type { NumericFault } from './numeric-failure.js';

export const allFinite = (arrays: readonly NamedArray[]): boolean =>
  arrays.every(({ data }) => onlyFinite(data));

/** A difference of a value from itself is 0 where it is finite, and NaN otherwise; much faster than a call for each value. */
function onlyFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index += 1) {
    if (values[index]! - values[index]! !== 0) return false;
  }
  return true;
}

/** Names of variables that hold a value that is no finite number. */
async function notFinite(variables: readonly NamedVariable[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, variable } of variables) {
    if (!onlyFinite((await variable.data()) as Float32Array)) found.push(name);
  }
  return found;
}

/** What of learning weights is not finite. @param variables named by part: `llm.head.weight` */
export async function faultOfWeights(variables: readonly NamedVariable[]): Promise<NumericFault | undefined> {
  const names = await notFinite(variables);
  if (names.length === 0) return undefined;
  const parts = [...new Set(names.map((name) => name.split('.')[0]!))];
  return { what: `the weights of ${parts.join(' and ')} are not finite`, data: { parts } };
}

/**
 * Refuses parts that are spoilt as they are, by their own weights: no lower rate mends them.
 * @param segment for the message @param what what was seen of it, in words
 * @throws EimError `numeric-failure` naming the first such part and its parameters
 */
export async function refuseSpoiltParts(parts: ModelParts, segment: string, what: string): Promise<void> {
  for (const part of PART_NAMES) {
    const names = await notFinite(parts[part].parameters());
    if (names.length > 0) throw spoiltPart(part, names, segment, what);
  }
}

function spoiltPart(part: PartName, names: readonly string[], segment: string, what: string): EimError {
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return new EimError({
    code: 'numeric-failure',
    message: `Segment '${segment}': ${what}, because weights of the ${part} hold values that are no finite numbers: '${names[0]}'${more}.`,
    advice: 'Check the file that they were read from.',
    data: { segment, part, parameters: names },
  });
}
