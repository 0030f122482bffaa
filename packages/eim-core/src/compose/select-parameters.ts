import { EimError } from '@eim/contracts';
import type { Parameter, ParameterRole, Parametric } from '@eim/contracts/model';
import type { Selection, SelectionChoice } from '../plan/selection-schema.js';
import { selectByNames } from './select-by-names.js';

const ROLES: Readonly<
  Record<'norms' | 'biases' | 'norms-and-biases' | 'adapters', readonly ParameterRole[]>
> = {
  norms: ['norm'],
  biases: ['bias'],
  'norms-and-biases': ['norm', 'bias'],
  adapters: ['adapter', 'gate'],
};

/**
 * The parameters of a part that learn under a selection, in the part's order.
 * @param name name of the part, for messages
 * @throws EimError `invalid-config` where the selection asks for more blocks than there are, or some of it finds nothing
 * @example
 * const last = selectParameters(llm, { lastBlocks: 2 }, 'llm');
 * const chosen = selectParameters(llm, ['norms', { names: 'blocks.*.attention.*' }], 'llm');
 */
export function selectParameters(
  part: Parametric,
  selection: Selection,
  name = 'part',
): readonly Parameter[] {
  if (selection === 'frozen') return [];
  const found = new Set(choicesOf(selection).flatMap((choice) => findChosen(part, choice, name)));
  return part.parameters().filter((parameter) => found.has(parameter));
}

function choicesOf(selection: Exclude<Selection, 'frozen'>): readonly SelectionChoice[] {
  return Array.isArray(selection) ? selection : [selection as SelectionChoice];
}

function findChosen(part: Parametric, choice: SelectionChoice, name: string): readonly Parameter[] {
  if (choice === 'full') return part.parameters();
  if (typeof choice === 'string') return selectByRole(part, choice, name);
  if ('names' in choice) return selectByNames(part, choice, name);
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

/** The number of a part's blocks. For parts that do not state it (STs), the greatest depth, as nothing follows their blocks. */
function blockCountOf(part: Parametric): number {
  const { blockCount } = part as { blockCount?: unknown };
  return typeof blockCount === 'number'
    ? blockCount
    : Math.max(0, ...part.parameters().map(({ depth }) => depth));
}
