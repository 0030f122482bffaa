import type { Batch, Comparison, ModelParts, ObjectiveContext } from '@eim/contracts/model';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import { lossAndGradients } from '../optimizer/loss-and-gradients.js';
import { zerosOf } from '../prepare-batch.js';
import { carriedOn, comparedVectors, comparisonGradients } from './comparison-passes.js';

export interface CompareZerosOptions {
  readonly parts: ModelParts;
  readonly batch: Batch;
  readonly context: ObjectiveContext;
  readonly learning: readonly LearningParameter[];
}

/** Everything that a step on two batches computes, with zeros where an objective would prepare something. */
export function compareZeros(comparison: Comparison, options: CompareZerosOptions): void {
  const { parts, batch, context, learning } = options;
  const vectors = comparedVectors(comparison, parts, batch, context);
  const prepared = zerosOf(comparison.preparation?.shapes(parts, [batch, batch]) ?? {});
  const { ofVectors } = comparisonGradients(comparison, [vectors, vectors], prepared, learning);
  lossAndGradients(
    () => carriedOn(comparison, parts, batch, context, ofVectors[0]!).differentiated,
    learning,
  );
}
