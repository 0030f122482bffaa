import { EimError } from '@eim/contracts';
import type { Parameter, ParameterRole, Parametric } from '@eim/contracts/model';
import type { LowRank, Selection, SelectionChoice } from '../plan/selection-schema.js';
import { blockCountOf } from './block-count.js';
import { selectByNames } from './select-by-names.js';
import { selectLowRank } from './select-low-rank.js';

const ROLES: Readonly<
  Record<'norms' | 'biases' | 'norms-and-biases' | 'adapters', readonly ParameterRole[]>
> = {
  norms: ['norm'],
  biases: ['bias'],
  'norms-and-biases': ['norm', 'bias'],
  adapters: ['adapter', 'gate'],
};

/** A parameter that learns, and in which form. */
export interface SelectedParameter {
  readonly parameter: Parameter;
  /** Present where it learns by an update of low rank. */
  readonly lowRank?: LowRank;
}

/**
 * The parameters of a part whose values change under a selection, in the part's order.
 * @param name name of the part, for messages
 * @throws EimError `invalid-config` where the selection asks for more blocks than there are, some of it finds nothing, or an
 *   update of low rank would go into a read-only weight
 * @example
 * const last = selectParameters(llm, { lastBlocks: 2 }, 'llm');
 * const chosen = selectParameters(llm, ['norms', { names: 'blocks.*.attention.*' }], 'llm');
 */
export function selectParameters(
  part: Parametric,
  selection: Selection,
  name?: string,
): readonly Parameter[] {
  return selectForms(part, selection, name).map(({ parameter }) => parameter);
}

/** As {@link selectParameters}, each with the form in which it learns. */
export function selectForms(
  part: Parametric,
  selection: Selection,
  name = 'part',
): readonly SelectedParameter[] {
  if (selection === 'frozen') return [];
  const choices = Array.isArray(selection) ? selection : [selection as SelectionChoice];
  const found = new Map<Parameter, LowRank | undefined>();
  for (const choice of choices) {
    const lowRank = typeof choice === 'object' && 'lora' in choice ? choice.lora : undefined;
    for (const parameter of findChosen(part, choice, name)) {
      if (found.has(parameter) && (lowRank ?? found.get(parameter))) throw inTwoForms(parameter, name);
      found.set(parameter, lowRank);
    }
  }
  return part
    .parameters()
    .filter((parameter) => found.has(parameter))
    .map((parameter) => {
      const lowRank = found.get(parameter);
      return { parameter, ...(lowRank && { lowRank }) };
    });
}

/** Elements that an optimizer steps for a selected parameter. */
export function trainableSize({ parameter, lowRank }: SelectedParameter): number {
  const { shape, size } = parameter.variable;
  return lowRank ? lowRank.rank * (shape[0]! + shape[1]!) : size;
}

function inTwoForms({ name }: Parameter, part: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `Select of the ${part} finds '${name}' twice, and at least once for an update of low rank.`,
    advice: 'Leave it out of one of them, by except.',
    data: { part, name },
  });
}

function findChosen(part: Parametric, choice: SelectionChoice, name: string): readonly Parameter[] {
  if (choice === 'full') return part.parameters();
  if (typeof choice === 'string') return selectByRole(part, choice, name);
  if ('names' in choice) return selectByNames(part, choice, name);
  if ('lora' in choice) return selectLowRank(part, choice.lora, name);
  return selectByDepth(part, choice, name);
}

function selectByRole(part: Parametric, choice: keyof typeof ROLES, name: string): readonly Parameter[] {
  const parameters = part.parameters();
  const selected = parameters.filter(({ role }) => ROLES[choice].includes(role));
  if (selected.length > 0) return selected;
  const roles = [...new Set(parameters.map(({ role }) => role))].join(', ');
  throw new EimError({
    code: 'invalid-config',
    message: `Select '${choice}' finds nothing in the ${name}: none of its ${parameters.length} parameters has the role ${ROLES[choice].join(' or ')}.`,
    advice: `Their roles are ${roles}. Use 'full', {lastBlocks: n}, {names: [...]} or 'frozen' there.`,
    data: { part: name, selection: choice },
  });
}

function selectByDepth(
  part: Parametric,
  choice: Extract<SelectionChoice, { lastBlocks: unknown } | { firstBlocks: unknown }>,
  name: string,
): readonly Parameter[] {
  const blockCount = blockCountOf(part);
  const fromEnd = 'lastBlocks' in choice;
  const asked = fromEnd ? choice.lastBlocks : choice.firstBlocks;
  const blocks = typeof asked === 'number' ? asked : shareOf(blockCount, Number.parseInt(asked, 10));
  if (blocks > blockCount) {
    throw new EimError({
      code: 'invalid-config',
      message: `Select {${fromEnd ? 'lastBlocks' : 'firstBlocks'}: ${asked}} asks for more blocks than the ${name} has: ${blockCount}.`,
      advice: "Use 'full' to train all of it.",
      data: { part: name, selection: choice, blockCount },
    });
  }
  return part.parameters().filter(({ depth }) => (fromEnd ? depth > blockCount - blocks : depth <= blocks));
}

/** At least one block, so that a part without any is refused. */
const shareOf = (blockCount: number, percent: number): number =>
  Math.max(1, Math.ceil((percent * blockCount) / 100));
