import type { Parametric } from '@eim/contracts/model';
import type { Selection } from '../plan/selection-schema.js';
import type { PartName } from './composed-model.js';
import { selectParameters } from './select-parameters.js';

/** The block below everything of a part that learns, 0 where that begins at its input. Undefined: nothing learns. */
export function lastFrozenBlock(
  part: Parametric & { readonly blockCount: number },
  selection: Selection = 'frozen',
  name: PartName,
): number | undefined {
  const learning = selectParameters(part, selection, name);
  if (learning.length === 0) return undefined;
  const lowest = learning.reduce((least, { depth }) => Math.min(least, depth), Number.POSITIVE_INFINITY);
  return Math.min(Math.max(0, lowest - 1), part.blockCount);
}
