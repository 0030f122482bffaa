import { EimError } from '@eim/contracts';
import type { Parameter, Parametric, ReadOnlyWeight } from '@eim/contracts/model';
import type { LowRank } from '../plan/selection-schema.js';
import { statedBlockCount } from './block-count.js';
import { knownNames } from './name-patterns.js';
import { selectNamed } from './select-by-names.js';

/**
 * The weights of a part that learn by updates of low rank: those of two dimensions that are named, or that stand in the part's
 * blocks. What stands before and behind the blocks, such as a language model's head, has to be named; an ST has no such thing.
 * @param name name of the part, for messages
 * @throws EimError `invalid-config` where there are none, or one of them is read-only: what is learnt goes into the weight
 *   itself, which a quantised one cannot take up
 */
export function selectLowRank(part: Parametric, lowRank: LowRank, name: string): readonly Parameter[] {
  const { names, except } = lowRank;
  const matrices = matricesOf(part);
  const blockCount = statedBlockCount(part);
  const candidates =
    names === undefined && blockCount !== undefined
      ? matrices.filter(({ depth }) => depth >= 1 && depth <= blockCount)
      : matrices;
  if (candidates.length === 0) throw nothingFound(matrices, lowRank, name);
  const chosen = selectNamed(candidates, { names: names ?? '*', except }, `of the ${name}`, 'select.lora');
  const held = chosen.find(isReadOnly);
  if (!held) return chosen as readonly Parameter[];
  throw new EimError({
    code: 'invalid-config',
    message: `Select {lora: ...} asks for '${held.name}' of the ${name}, which is held as ${held.format} and cannot take up what is learnt.`,
    advice: 'Load the part from weights that are not quantised, or leave it out by except.',
    data: { part: name, weight: held.name, format: held.format },
  });
}

function matricesOf(part: Parametric): readonly (Parameter | ReadOnlyWeight)[] {
  const all = [...part.parameters(), ...(part.readOnlyWeights?.() ?? [])];
  return all.filter((one) => one.role === 'weight' && shapeOf(one).length === 2);
}

const isReadOnly = (weight: Parameter | ReadOnlyWeight): weight is ReadOnlyWeight => 'format' in weight;

const shapeOf = (weight: Parameter | ReadOnlyWeight): readonly number[] =>
  isReadOnly(weight) ? weight.shape : weight.variable.shape;

function nothingFound(
  matrices: readonly (Parameter | ReadOnlyWeight)[],
  lowRank: LowRank,
  name: string,
): EimError {
  const names = knownNames(matrices.map((one) => one.name));
  return new EimError({
    code: 'invalid-config',
    message: `Select {lora: ...} finds nothing in the ${name}: it has no weight of two dimensions${matrices.length > 0 ? ' in its blocks' : ''}.`,
    advice: names
      ? `Such weights outside of blocks have to be named: ${names}.`
      : 'Use another selection there.',
    data: { part: name, selection: { lora: lowRank } },
  });
}
