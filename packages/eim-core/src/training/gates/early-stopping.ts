import type { KeepBest } from '../../plan/measured-by-schema.js';

/** Best value so far and how long ago it was; plain data, so that it survives a checkpoint. */
export interface EarlyStoppingState {
  readonly best?: { readonly value: number; readonly step: number };
  /** Evaluations since the best. */
  readonly waited: number;
}

/** @returns the state after one more evaluation, and whether that one is the best */
export function observe(
  state: EarlyStoppingState,
  value: number,
  step: number,
  { direction }: Pick<KeepBest, 'direction'>,
): { state: EarlyStoppingState; improved: boolean } {
  const { best } = state;
  const improved =
    Number.isFinite(value) && (!best || (direction === 'max' ? value > best.value : value < best.value));
  return improved
    ? { improved, state: { best: { value, step }, waited: 0 } }
    : { improved, state: { ...state, waited: state.waited + 1 } };
}
