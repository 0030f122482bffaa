import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { StepNumber } from '../recording/step-number.js';

/** Lists of the same length: entry i of each belongs to variable i. */
export interface AdamWStep {
  readonly variables: readonly Variable[];
  readonly gradients: readonly Tensor[];
  /** Running means of the gradients, of the variables' shapes; zeros before the first step. */
  readonly firstMoments: readonly Variable[];
  /** Running means of the squared gradients. */
  readonly secondMoments: readonly Variable[];
  readonly learningRates: readonly number[];
  readonly weightDecays: readonly number[];
  /** Multiplies every learning rate: the schedule's share of the peak. @default 1 */
  readonly rateScale?: StepNumber;
  /** 1 at the first step: the exponent of the bias correction. */
  readonly step: StepNumber;
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
  /** Multiplies every gradient first, as clipping by norm does. */
  readonly gradientScale?: Scalar;
}
