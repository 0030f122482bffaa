import type { EngineName } from '../start/engine-types.js';
import type { OpCase } from './op-case.js';

/** An operation that an engine cannot do, and why; asking for it throws by name. */
export interface KnownGap {
  readonly engine: EngineName;
  readonly op: string;
  readonly part: 'gradient' | 'all';
  readonly reason: string;
}

export const KNOWN_GAPS: readonly KnownGap[] = [
  {
    engine: 'wasm',
    op: 'depthwiseConv2d',
    part: 'gradient',
    reason: 'tfjs-backend-wasm has no DepthwiseConv2dNativeBackpropInput and no ...BackpropFilter',
  },
];

/** What of a case an engine can do: all of it, its values alone, or nothing. */
export function withoutGaps(engine: EngineName, opCase: OpCase): OpCase | undefined {
  const gap = KNOWN_GAPS.find((one) => one.engine === engine && one.op === opCase.op);
  if (!gap) return opCase;
  return gap.part === 'gradient' ? { ...opCase, backward: false } : undefined;
}
