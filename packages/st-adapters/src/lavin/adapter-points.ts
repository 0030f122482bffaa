import { EimError } from '@eim/contracts';
import type { InsertionPoint } from '@eim/contracts/model';
import type { LavinOptions } from './lavin-options.js';

/**
 * Where LaVIN's adapters act: on what enters the attention of each block, behind its norm.
 * @param side `encoder` or `llm`, for the message
 * @throws EimError `invalid-config` where the neighbour has no such points, `width-mismatch` where the groups do not divide a
 * width
 */
export function adapterPoints(
  side: 'encoder' | 'llm',
  points: readonly InsertionPoint[],
  { groups }: Pick<LavinOptions, 'groups'>,
): readonly InsertionPoint[] {
  const found = points.filter(({ position }) => position === 'attention.input');
  const uneven = found.find(({ width }) => width % groups !== 0);
  if (uneven) throw unevenGroups(uneven, groups);
  if (found.length > 0) return found;
  const called = side === 'llm' ? 'LLM' : 'encoder';
  throw new EimError({
    code: 'invalid-config',
    message: `The ST 'lavin' puts adapters before the attention of each block, but the ${called} has no such insertion points.`,
    advice:
      side === 'llm'
        ? 'Take an LLM of transformer blocks.'
        : "Set encoderAdapters: false, as the preset 'mean' does, or take a vision transformer.",
    data: { side },
  });
}

const unevenGroups = ({ name, width }: InsertionPoint, groups: number): EimError =>
  new EimError({
    code: 'width-mismatch',
    message: `The ST 'lavin' has ${groups} groups, which do not divide the width ${width} at '${name}'.`,
    advice: 'Set groups to a divisor of both widths.',
    data: { groups, width, name },
  });
