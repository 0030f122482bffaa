import type { EncodedImages, ModelParts, Objective } from '@eim/contracts/model';
import { createRandomStream, type ShapesPass } from '@eim/engine';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import { namedFeatures } from '../feature-cache/feature-layout.js';
import type { PicturePrefix } from '../feature-cache/picture-prefix.js';
import { runPrefix } from '../feature-cache/run-prefix.js';
import { prepareZeros } from '../prepare-batch.js';
import { pictureSlots, shapeBatch, shapePixels } from './shape-batch.js';
import type { SplitShape } from './split-shape.js';
import type { TextCost } from './text-cost.js';

export interface EvaluationCostOptions {
  /** As the objective sees them. */
  readonly parts: ModelParts;
  readonly objective: Objective;
  readonly split: SplitShape;
  /** What of the pictures is frozen. Absent: they come as pixels. */
  readonly prefix: PicturePrefix | undefined;
  /** What is computed for its texts outside. Absent: the LLM runs whole. */
  readonly texts?: TextCost | undefined;
}

/**
 * Multiply-adds of one evaluation of an objective on a split, its pictures' encoding apart: the forward pass of its loss over
 * the batches, and what it compares over the split beyond that.
 */
export function evaluationCost(pass: ShapesPass, options: EvaluationCostOptions): number {
  const { parts, objective, split, prefix, texts } = options;
  const random = createRandomStream('shapes');
  const isShown = objective.uses.encoder && split.pictureCount > 0;
  const costs = split.evaluation.map(({ textLength, batches, batchSize, answersEach, targetCount }) => {
    const slots = pictureSlots(split, batchSize);
    const images = (): 'pixels' | EncodedImages | undefined => {
      if (!isShown || !prefix) return isShown ? 'pixels' : undefined;
      return pass.run(() =>
        namedFeatures(prefix.names, runPrefix(parts, shapePixels(parts.encoder, slots), prefix)),
      );
    };
    const form = images();
    const length = { textLength, targetCount: () => targetCount };
    const textStates = texts?.chunk(split, textLength).shape;
    const sizes = { split, length, batchSize, captionsPerPicture: answersEach, images: form, textStates };
    const { multiplyAdds } = pass.measure(() => {
      const batch = prepareZeros(objective, parts, shapeBatch(parts, sizes));
      return objective.loss(parts, batch, { training: false, random });
    });
    return batches * multiplyAdds;
  });
  const captions = split.evaluation.reduce(
    (sum, { batches, batchSize, answersEach }) => sum + batches * batchSize * answersEach,
    0,
  );
  const compared = objective.comparisonCost?.(parts, { pictures: split.pictureCount, captions }) ?? 0;
  return costs.reduce((sum, cost) => sum + cost, compared);
}

/** Multiply-adds of running what is frozen over pictures, in chunks that are filled up. */
export function chunksCost(pass: ShapesPass, model: ModelParts, prefix: PicturePrefix, pictures: number) {
  const ofChunk = pass.measure(() => runPrefix(model, shapePixels(model.encoder, CHUNK_SIZE), prefix));
  return Math.ceil(pictures / CHUNK_SIZE) * ofChunk.multiplyAdds;
}
