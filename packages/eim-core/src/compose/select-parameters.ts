import { EimError } from '@eim/contracts';
import type { Parameter, ParameterRole, Parametric } from '@eim/contracts/model';
import type { Selection } from '../plan/selection-schema.js';

const ROLES: Readonly<Record<'norms-and-biases' | 'adapters', readonly ParameterRole[]>> = {
  'norms-and-biases': ['norm', 'bias'],
  adapters: ['adapter', 'gate'],
};

/** The number of a part's blocks. For parts that do not state it (STs), the greatest depth, as nothing follows their blocks. */
const blockCountOf = (part: Parametric): number => {
  const { blockCount } = part as { blockCount?: unknown };
  return typeof blockCount === 'number'
    ? blockCount
    : Math.max(0, ...part.parameters().map(({ depth }) => depth));
};

/**
 * The parameters of a part that learn under a selection, in the part's order.
 * @param name name of the part, for messages
 * @throws EimError `invalid-config` where the selection asks for more blocks than there are, or finds nothing
 * @example
 * const last = selectParameters(llm, { lastBlocks: 2 }, 'llm');
 */
export function selectParameters(
  part: Parametric,
  selection: Selection,
  name = 'part',
): readonly Parameter[] {
  if (selection === 'frozen') return [];
  const parameters = part.parameters();
  if (selection === 'full') return parameters;

  if (typeof selection === 'string') {
    const selected = parameters.filter(({ role }) => ROLES[selection].includes(role));
    if (selected.length > 0) return selected;
    throw new EimError({
      code: 'invalid-config',
      message: `Select '${selection}' finds nothing in the ${name}: none of its ${parameters.length} parameters has the role ${ROLES[selection].join(' or ')}.`,
      advice: "Use 'full', {lastBlocks: n} or 'frozen' there.",
      data: { part: name, selection },
    });
  }

  const blockCount = blockCountOf(part);
  if (selection.lastBlocks > blockCount) {
    throw new EimError({
      code: 'invalid-config',
      message: `Select {lastBlocks: ${selection.lastBlocks}} asks for more blocks than the ${name} has: ${blockCount}.`,
      advice: "Use 'full' to train all of it.",
      data: { part: name, selection, blockCount },
    });
  }
  return parameters.filter(({ depth }) => depth > blockCount - selection.lastBlocks);
}
