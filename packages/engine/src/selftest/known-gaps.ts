import type { EngineName } from '../start/engine-types.js';
import type { OpCase } from './op-case.js';

/** An operation that an engine cannot do, and why; asking for it throws by name. */
export interface KnownGap {
  readonly engine: EngineName;
  /** `*` for every operation. */
  readonly op: string;
  readonly part: 'gradient' | 'all' | 'tensors without values';
  readonly reason: string;
}

export const KNOWN_GAPS: readonly KnownGap[] = [
  {
    engine: 'webgpu',
    op: '*',
    part: 'tensors without values',
    reason: 'tfjs-backend-webgpu asks Dawn for buffers of 0 bytes, which it refuses',
  },
];

/** What of a case an engine can do: all of it, its values alone, or nothing. */
export function withoutGaps(engine: EngineName, opCase: OpCase): OpCase | undefined {
  const gaps = KNOWN_GAPS.filter((gap) => gap.engine === engine && (gap.op === opCase.op || gap.op === '*'));
  if (gaps.some(({ part }) => part === 'all')) return undefined;
  const isEmpty = opCase.inputs.some(({ shape }) => shape.includes(0));
  if (isEmpty && gaps.some(({ part }) => part === 'tensors without values')) return undefined;
  return gaps.some(({ part }) => part === 'gradient') ? { ...opCase, backward: false } : opCase;
}
