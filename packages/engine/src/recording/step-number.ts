/**
 * A number that a step uses: fixed, or a function where it changes from step to step, which a recorded step calls
 * at each replay.
 */
export type StepNumber = number | (() => number);

/** What it is now. */
export function numberNow(value: StepNumber): number {
  return typeof value === 'function' ? value() : value;
}
