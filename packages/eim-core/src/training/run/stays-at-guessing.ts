/** A segment is judged after a fifth of its steps, and after ten at least: some start at guessing and leave it. */
const SHARE_BEFORE = 0.2;
const STEPS_BEFORE = 10;
/** A loss above this share of guessing's is no better than guessing. */
const NO_BETTER = 0.99;

export interface LossSoFar {
  /** Steps taken, and steps of the whole segment. */
  readonly step: number;
  readonly steps: number;
  /** Losses of the last tenth of the steps. */
  readonly recentLosses: readonly number[];
  /** What guessing without looking at the picture gives. */
  readonly guessing: number | undefined;
}

/** Whether a segment has collapsed: its loss stays where guessing is. */
export function staysAtGuessing({ step, steps, recentLosses, guessing }: LossSoFar): boolean {
  if (guessing === undefined || step < Math.max(STEPS_BEFORE, SHARE_BEFORE * steps)) return false;
  return meanOf(recentLosses) > NO_BETTER * guessing;
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The sentence that tells a user. */
export function collapseNote(segment: string, { step, recentLosses, guessing }: LossSoFar): string {
  return `Segment '${segment}' learns nothing: at step ${step} its loss is ${meanOf(recentLosses).toFixed(3)}, and guessing gives ${guessing!.toFixed(3)}. A lower learning rate, or a longer warm-up, may help.`;
}
