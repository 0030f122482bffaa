import type { ModelParts, Objective } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import { featuresReadBy } from '../feature-cache/picture-prefix.js';
import { runPrefix } from '../feature-cache/run-prefix.js';
import { chunksCost } from './evaluation-cost.js';
import { shapePixels } from './shape-batch.js';

/** Multiply-adds of what an objective works out at its segment's start, where it says so. */
export function beginCost(pass: ShapesPass, model: ModelParts, objective: Objective): number {
  if (!objective.beginCost) return 0;
  const prefix = { names: featuresReadBy(model.st) };
  const vectorSize = pass.run(() => {
    const outputs = runPrefix(model, shapePixels(model.encoder, 1), prefix);
    return outputs.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  });
  const { pictures, multiplyAdds } = objective.beginCost(vectorSize);
  return multiplyAdds + (pictures === 0 ? 0 : chunksCost(pass, model, prefix, pictures));
}
