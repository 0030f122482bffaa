import type { Batch, ModelParts, Objective, Tensor } from '@eim/contracts/model';
import { chargedTo, createRandomStream, type ShapesCost, type ShapesPass } from '@eim/engine';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Segment } from '../../plan/segment-schema.js';
import { batchTensors } from '../data/batch-tensors.js';
import { comparisonOf } from '../gradient-caching/comparison-of.js';
import { carriedOn, comparedVectors, comparisonGradients } from '../gradient-caching/comparison-passes.js';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import { lossAndGradients } from '../optimizer/loss-and-gradients.js';
import { prepareZeros, zerosOf } from '../prepare-batch.js';

export interface BatchCostOptions {
  /** As charged. */
  readonly parts: ModelParts;
  readonly objective: Objective;
  readonly segment: Segment;
  readonly learning: readonly LearningParameter[];
}

const context = () => ({ training: true, random: createRandomStream('shapes') });

/** What the steps spend on one of their batches. @param batchOf makes it, in the pass */
export function batchCost(
  pass: ShapesPass,
  { parts, objective, segment, learning }: BatchCostOptions,
  batchOf: () => Batch,
): ShapesCost {
  const comparison = comparisonOf(objective, segment);
  return pass.measure(() => {
    const batch = prepareZeros(objective, parts, batchOf());
    if (!comparison) {
      const loss = () => objective.loss(parts, batch, context()) as Scalar;
      return lossAndGradients(() => chargedTo('objective', loss), learning);
    }
    const gradients = chargedTo('objective', () => comparedVectors(comparison, parts, batch, context()));
    const products = () => carriedOn(comparison, parts, batch, context(), gradients).differentiated;
    return lossAndGradients(() => chargedTo('objective', products), learning);
  });
}

/** What a step spends on comparing all of its batches, and what it holds for it while it works on one of them. */
export interface ComparisonCost extends Pick<ShapesCost, 'multiplyAdds' | 'peakBytes'> {
  readonly heldBytes: number;
}

/** @param batchOf makes one of the batches, in the pass */
export function comparisonCost(
  pass: ShapesPass,
  { parts, objective, segment, learning }: BatchCostOptions,
  batchOf: () => Batch,
): ComparisonCost {
  const comparison = comparisonOf(objective, segment);
  if (!comparison) return { multiplyAdds: 0, peakBytes: 0, heldBytes: 0 };
  const { accumulate } = segment;
  const { vectors, prepared, batchBytes } = pass.run(() => {
    const batch = prepareZeros(objective, parts, batchOf());
    const batches = Array.from({ length: accumulate }, () => batch);
    return {
      vectors: comparedVectors(comparison, parts, batch, context()),
      prepared: zerosOf(comparison.preparation?.shapes(parts, batches) ?? {}),
      batchBytes: bytesOf(Object.values(batchTensors(batch))),
    };
  });
  const all = Array.from({ length: accumulate }, () => vectors);
  const { multiplyAdds, peakBytes } = pass.measure(() =>
    comparisonGradients(comparison, all, prepared, learning),
  );
  const heldBytes = (accumulate - 1) * batchBytes + accumulate * bytesOf(Object.values(vectors));
  return { multiplyAdds, peakBytes, heldBytes };
}

/** Elements are 4 bytes each. */
const bytesOf = (tensors: readonly Tensor[]): number => 4 * tensors.reduce((sum, { size }) => sum + size, 0);
