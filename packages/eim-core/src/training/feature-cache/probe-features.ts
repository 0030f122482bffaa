import type { Batch, EncodedImages, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { tidy } from '@tensorflow/tfjs-core';
import { encodePictures } from '../../compose/encode-pictures.js';
import type { FeatureName } from './feature-table.js';

/** Which encoder outputs a loss reads, found by one forward pass over outputs that note who looks at them. */
export function probeFeatures(
  parts: ModelParts,
  objective: Objective,
  batch: Batch,
  context: ObjectiveContext,
): FeatureName[] {
  const read = new Set<FeatureName>();
  tidy(() => {
    const { pooled, tokens, hidden } = encodePictures(parts, batch);
    const watched: EncodedImages = {
      get pooled() {
        read.add('pooled');
        return pooled;
      },
      get tokens() {
        read.add('tokens');
        return tokens;
      },
      ...(hidden && { hidden }),
    };
    for (const block of hidden?.keys() ?? []) read.add(`hidden.${block}`);
    const { pixels: _, ...rest } = batch;
    objective.loss(parts, { ...rest, features: watched }, context);
  });
  return [...read].sort();
}
