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
  /**
   * Does the same piece by piece, so that no source is in memory as a whole: writes values of a source to their places
   * in the parameter. Absent where each value depends on several.
   * @param target all values of the parameter
   * @param source its index
   * @param run whole rows of the source, first dimension first, the first of which is element `at`
   */
  readonly place?: (
    target: Float32Array,
    source: number,
    run: { readonly at: number; readonly values: Float32Array },
  ) => void;
  /**
   * Present where each row of the sources becomes, as it is, a row of the parameter, or of its transpose: the rows of the
   * first source, those of the second below them, and so on. For each source, which of its rows becomes which; absent: the same.
   */
  readonly wholeRows?: {
    readonly of: 'parameter' | 'transpose';
    readonly places: readonly (((row: number) => number) | undefined)[];
  };
}

/** How the published names and layouts of a family become a model's parameters. */
export interface WeightsMap {
  readonly rules: readonly WeightRule[];
  /** Whether a tensor without a rule may be passed over: buffers, and parts of other models in the same file. */
  readonly ignores?: (name: string) => boolean;
}
