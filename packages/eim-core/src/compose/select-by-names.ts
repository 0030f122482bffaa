import { EimError } from '@eim/contracts';
import type { Parameter, Parametric } from '@eim/contracts/model';
import type { NamePatterns } from '../plan/name-patterns-schema.js';
import { knownNames, matchesPattern, patternsOf } from './name-patterns.js';

interface Named {
  readonly name: string;
}

interface NamesChoice {
  readonly names: NamePatterns;
  readonly except?: NamePatterns | undefined;
}

/**
 * The parameters of a part that `names` names and `except` does not, in the part's order.
 * @param name name of the part, for messages
 * @throws EimError `invalid-config` where one of the names finds nothing, or nothing is left of what they find
 */
export function selectByNames(part: Parametric, choice: NamesChoice, name: string): readonly Parameter[] {
  const readOnly = part.readOnlyWeights?.() ?? [];
  for (const pattern of patternsOf(choice.names)) {
    const finds = ({ name: found }: Named) => matchesPattern(pattern, found);
    const held = part.parameters().some(finds) ? undefined : readOnly.find(finds);
    if (!held) continue;
    throw new EimError({
      code: 'invalid-config',
      message: `'${pattern}' in select.names of the ${name} finds '${held.name}' alone, which is held as ${held.format} and cannot learn.`,
      data: { part: name, pattern },
    });
  }
  return selectNamed(part.parameters(), choice, `of the ${name}`, 'select');
}

/**
 * Those of some things that `names` names and `except` does not, in their order.
 * @param whose `of the llm`, for messages
 * @param field the field that holds `names` and `except`, for messages
 * @throws EimError `invalid-config` where one of the names finds nothing, or nothing is left of what they find
 */
export function selectNamed<Thing extends Named>(
  things: readonly Thing[],
  choice: NamesChoice,
  whose: string,
  field: string,
): readonly Thing[] {
  const named = findNamed(things, choice.names, `${field}.names ${whose}`);
  if (choice.except === undefined) return named;
  const excepted = new Set(findNamed(named, choice.except, `${field}.except ${whose}`));
  const left = named.filter((thing) => !excepted.has(thing));
  if (left.length > 0) return left;
  throw new EimError({
    code: 'invalid-config',
    message: `${field}.except ${whose} leaves nothing of what is named: ${knownNames(named.map(({ name }) => name))}.`,
    advice: "Use 'frozen' where nothing is to learn.",
    data: { selection: choice },
  });
}

/**
 * Those of some things that a pattern stands for, in their order. Every pattern has to find something.
 * @param where the field that holds the patterns, for messages
 * @throws EimError `invalid-config` naming the pattern, and the names that are known
 */
export function findNamed<Thing extends Named>(
  things: readonly Thing[],
  patterns: NamePatterns,
  where: string,
): readonly Thing[] {
  const list = patternsOf(patterns);
  const lost = list.find((pattern) => !things.some(({ name }) => matchesPattern(pattern, name)));
  if (lost === undefined) {
    return things.filter(({ name }) => list.some((pattern) => matchesPattern(pattern, name)));
  }
  throw new EimError({
    code: 'invalid-config',
    message: `'${lost}' in ${where} finds nothing.`,
    advice: `To be found there: ${knownNames(things.map(({ name }) => name))}.`,
    data: { pattern: lost, where },
  });
}
