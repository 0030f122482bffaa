import type { FeatureCounts } from '../feature-cache/feature-cache.js';
import type { GateVerdict } from '../gates/gate-verdict.js';
import type { NumericFailure } from './numeric-failure.js';

/** Multiply-adds by what they were spent on. */
export interface ComputeSpent {
  /** Forward and backward of the steps. */
  readonly training: number;
  /** Encoding of pictures for the feature cache; counted in full where the cache already held them. With the cache off, that of every step. */
  readonly encoding: number;
  /** Gates, and what finds the best weights. */
  readonly evaluation: number;
}

/** Which weights of a segment were the best. */
export interface BestWeights {
  readonly metric: string;
  readonly split: string;
  readonly value: number;
  readonly step: number;
}

export interface SegmentResult {
  readonly name: string;
  readonly objective: string;
  readonly steps: number;
  readonly plannedSteps: number;
  /** Caption rows trained on. */
  readonly examples: number;
  /** Loss of the first and mean loss of the last tenth of the steps. */
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly seconds: number;
  readonly multiplyAdds: ComputeSpent;
  /** Learning parameters by part, `objective` for those that exist during training alone. */
  readonly trainable: Readonly<Record<string, number>>;
  readonly textLength: number;
  /** Captions of the split that lost tokens to `maxTokens`. */
  readonly truncatedCaptions: number;
  /** Target tokens that a batch had no slot for. */
  readonly targetsLeftOut: number;
  readonly gate?: GateVerdict;
  /** Where the segment kept its best weights: the step after which they were reached, and what they measured. */
  readonly best?: BestWeights;
  /** Where no evaluation gave a finite number to know the best weights by: the last ones stayed. */
  readonly neverMeasured?: Pick<BestWeights, 'metric' | 'split'>;
  readonly stoppedEarly: boolean;
  /** Where numbers were not finite and the segment went back, in order. Absent: nowhere. */
  readonly numericFailures?: readonly NumericFailure[];
  /** The loss ended where guessing without looking at the picture is. */
  readonly collapsed: boolean;
  /** Whether what is frozen for the pictures' side came from the cache. */
  readonly features: 'cached' | 'computed' | 'unused';
}

export interface TrainResult {
  readonly segments: readonly SegmentResult[];
  readonly steps: number;
  readonly examples: number;
  readonly seconds: number;
  readonly multiplyAdds: ComputeSpent;
  /** Pictures that were encoded or read from the feature cache, and what was wrong with it. */
  readonly featureCache: Readonly<FeatureCounts>;
  /** `none` where every gate rolled its segment back: no measure helped. */
  readonly measuresThatHelped: 'ungated' | 'all' | 'some' | 'none';
  /** What a report should say of it, in sentences. */
  readonly notes: readonly string[];
}
