import type { Parameter, ParameterRole } from '@eim/contracts';
import type { Selection } from '../../plan/selection-schema.js';

const NORMS_AND_BIASES: ReadonlySet<ParameterRole> = new Set(['norm', 'bias']);
const ADAPTERS: ReadonlySet<ParameterRole> = new Set(['adapter', 'gate']);

/**
 * The parameters of one part that a selection names, in the part's order.
 * @param blockCount blocks of the part; absent (an ST): one less than its greatest depth
 */
export function selectParameters(
  parameters: readonly Parameter[],
  selection: Selection,
  blockCount?: number,
): readonly Parameter[] {
  if (selection === 'frozen') return [];
  if (selection === 'full') return parameters;
  if (selection === 'norms-and-biases') return parameters.filter(({ role }) => NORMS_AND_BIASES.has(role));
  if (selection === 'adapters') return parameters.filter(({ role }) => ADAPTERS.has(role));
  const blocks = blockCount ?? greatestDepth(parameters) - 1;
  return parameters.filter(({ depth }) => depth > blocks - selection.lastBlocks && depth > 0);
}

/** Depth of what lies farthest from a part's input; 0 for a part without parameters. */
export function greatestDepth(parameters: readonly Parameter[]): number {
  return parameters.reduce((greatest, { depth }) => Math.max(greatest, depth), 0);
}
