import type { Direction, Gate } from '../../plan/measured-by-schema.js';
import type { PairedDifference } from './paired-difference.js';

/** What a gate measured, and what came of it. */
export interface GateVerdict extends Gate {
  readonly before: number;
  readonly after: number;
  /** Present where the rule looks at it. */
  readonly paired?: PairedDifference;
  /** Present where the gate interpolates: the share of what the segment learnt that stayed, 0 where it was rolled back. */
  readonly share?: number;
  /** Present with `share`: what was measured at each share. `after` is that of the best share that passes, or of the best. */
  readonly measured?: readonly { readonly share: number; readonly value: number }[];
  readonly kept: boolean;
}

/**
 * By the rule `tolerance`, a segment stays unless the metric got worse by more than the tolerance. By `standard-error` it stays
 * if the mean paired difference is a gain of more than one standard error. A metric that is no number after the segment
 * never stays.
 */
export function passesGate(
  verdict: Pick<GateVerdict, 'before' | 'after' | 'direction' | 'tolerance' | 'paired'>,
): boolean {
  const { paired, tolerance } = verdict;
  if (paired) return paired.gain > paired.standardError;
  return gainOf(verdict) >= -tolerance;
}

/** By how much a metric got better. */
export function gainOf({
  before,
  after,
  direction,
}: {
  readonly before: number;
  readonly after: number;
  readonly direction: Direction;
}): number {
  return direction === 'max' ? after - before : before - after;
}
