import type { PublishedWeights } from '@eim/contracts';

/** The part of a reader that mapping uses. */
export type MappableWeights = Pick<PublishedWeights, 'name' | 'tensorNames' | 'has' | 'info' | 'read'>;

/** A tensor that a file of published weights must have. */
export interface SourceTensor {
  readonly name: string;
  /** As the file has it. */
  readonly shape: readonly number[];
}

/** How one parameter of ours is made of published tensors. */
export interface WeightRule {
  /** Full name of the parameter. */
  readonly target: string;
  /** Read in this order. */
  readonly sources: readonly SourceTensor[];
  /** Values of the parameter, row-major, from those of the sources. May return the array given. */
  readonly combine: (values: readonly Float32Array[]) => Float32Array;
}

/** How the published names and layouts of a family become a model's parameters. */
export interface WeightsMap {
  readonly rules: readonly WeightRule[];
  /** Whether a tensor without a rule may be passed over: buffers, and parts of other models in the same file. */
  readonly ignores?: (name: string) => boolean;
}
