import type { PublishedRun } from '@eim/contracts';
import type { WeightTensor } from '../dtype.js';
import { floatValues } from '../narrow-tensor.js';
import type { MappableWeights } from './weights-map.js';

/** A tensor's values in runs of whole rows, or all at once where its reader knows no runs. */
export async function* runsOfTensor(
  weights: MappableWeights,
  name: string,
  rowLength: number,
): AsyncIterable<PublishedRun> {
  if (weights.read.runs) yield* weights.read.runs(name, rowLength);
  else yield { at: 0, values: floatValues((await weights.read(name)) as WeightTensor) };
}
