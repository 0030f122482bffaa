import { EimError } from '@eim/contracts';
import type { Parameter, Parametric } from '@eim/contracts/model';
import type { NamePatterns } from '../plan/name-patterns-schema.js';
import { knownNames, matchesPattern, patternsOf } from './name-patterns.js';

/**
 * The parameters of a part that `names` names and `except` does not, in the part's order.
 * @param name name of the part, for messages
 * @throws EimError `invalid-config` where one of the names finds nothing, or nothing is left of what they find
 */
export function selectByNames(
  part: Parametric,
  choice: { readonly names: NamePatterns; readonly except?: NamePatterns | undefined },
  name: string,
): readonly Parameter[] {
  const named = findNamed(part.parameters(), choice.names, `select.names of the ${name}`, part);
  if (choice.except === undefined) return named;
  const excepted = new Set(findNamed(named, choice.except, `select.except of the ${name}`));
  const left = named.filter((parameter) => !excepted.has(parameter));
  if (left.length > 0) return left;
  throw new EimError({
    code: 'invalid-config',
    message: `Select of the ${name} excepts everything that it names: ${knownNames(named.map((one) => one.name))}.`,
    advice: "Use 'frozen' where nothing is to learn.",
    data: { part: name, selection: choice },
  });
}

/**
 * Those among parameters that some pattern stands for, in their order. Every pattern has to find something.
 * @param where the field that holds the patterns, for messages
 * @param part a part whose read-only weights are named where a pattern finds nothing else
 * @throws EimError `invalid-config` naming the pattern, and the names that are known
 */
export function findNamed<Named extends { readonly name: string }>(
  parameters: readonly Named[],
  patterns: NamePatterns,
  where: string,
  part?: Parametric,
): readonly Named[] {
  const list = patternsOf(patterns);
  for (const pattern of list) {
    if (parameters.some(({ name }) => matchesPattern(pattern, name))) continue;
    const readOnly = part?.readOnlyWeights?.().find(({ name }) => matchesPattern(pattern, name));
    throw new EimError({
      code: 'invalid-config',
      message: readOnly
        ? `'${pattern}' in ${where} finds '${readOnly.name}' alone, which is held as ${readOnly.format} and cannot learn.`
        : `'${pattern}' in ${where} finds nothing.`,
      advice: `To be found there: ${knownNames(parameters.map(({ name }) => name))}.`,
      data: { pattern, where },
    });
  }
  return parameters.filter(({ name }) => list.some((pattern) => matchesPattern(pattern, name)));
}
