import { multiplyAddsSoFar } from '@eim/engine';
import { type NamedArray, restore, snapshot } from '../optimizer/snapshot.js';
import { pictureVectors } from '../word-probe/picture-vectors.js';
import type { SegmentLearner } from './segment-learner.js';
import type { TrainingEnvironment } from './training-environment.js';

/**
 * Has an objective work out what it needs of the model as its segment finds it.
 * @param start what learns, as the segment found it, where it has other values by now
 * @returns multiply-adds that it took
 */
export async function beginObjective(
  { model, pixels }: TrainingEnvironment,
  { objective, weights }: SegmentLearner,
  start?: readonly NamedArray[],
): Promise<number> {
  if (!objective.begin) return 0;
  const now = start && (await snapshot(weights));
  if (start) restore(weights, start);
  const before = multiplyAddsSoFar();
  await objective.begin(model, { pictureVectors: (pictures) => pictureVectors(model, pixels, pictures) });
  if (now) restore(weights, now);
  return multiplyAddsSoFar() - before;
}
