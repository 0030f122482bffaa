import type { NumericFailure, StepNumbers } from './numeric-failure.js';

/** What came of a step: its numbers, or how far back the segment went because they were not finite. */
export type TakenStep =
  | (StepNumbers & { readonly rate: number; readonly wentBack?: undefined })
  | (Pick<StepNumbers, 'stops'> & { readonly wentBack: NumericFailure });
