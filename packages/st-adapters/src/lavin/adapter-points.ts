import { EimError } from '@eim/contracts';
import type { InsertionPoint } from '@eim/contracts/model';

/**
 * Where LaVIN's adapters act: on what enters the attention of each block, behind its norm.
 * @param side `encoder` or `llm`, for the message
 * @throws EimError `invalid-config` where the neighbour has no such points
 */
export function adapterPoints(side: string, points: readonly InsertionPoint[]): readonly InsertionPoint[] {
  const found = points.filter(({ position }) => position === 'attention.input');
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
