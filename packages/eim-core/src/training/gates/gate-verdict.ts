import type { Direction } from '../../plan/measured-by-schema.js';

/** What a gate measured, and what came of it. */
export interface GateVerdict {
  readonly metric: string;
  readonly split: string;
  readonly direction: Direction;
  readonly tolerance: number;
  readonly before: number;
  readonly after: number;
  readonly kept: boolean;
}

/**
 * A segment stays unless the metric got worse by more than the tolerance. A metric that is no number after
 * the segment never stays.
 */
export function passesGate({
  before,
  after,
  direction,
  tolerance,
}: Pick<GateVerdict, 'before' | 'after' | 'direction' | 'tolerance'>): boolean {
  const gain = direction === 'max' ? after - before : before - after;
  return gain >= -tolerance;
}
