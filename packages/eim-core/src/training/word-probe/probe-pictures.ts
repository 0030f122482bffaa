import type { Half } from '../../plan/measured-by-schema.js';
import { captionedPictures } from '../data/captioned-pictures.js';
import { halfOfRows } from '../data/half-of-rows.js';
import { spread } from '../data/spread.js';
import type { Measurement } from '../gates/measurement.js';
import type { TrainingEnvironment } from '../run/training-environment.js';
import { pictureVectors } from './picture-vectors.js';
import { fitWordProbe, type ProbedPictures } from './word-probe.js';

/** Pictures of a split that a probe looks at: evenly spaced ones where there are more. */
export const MOST_PROBED_PICTURES = 2000;

/** The name under which gates ask for it. */
export const WORD_PROBE = 'word-probe';

interface ProbedSplits {
  readonly trainOn: string;
  readonly measureOn: string;
  /** Which half of `measureOn`. Absent: all of it. */
  readonly half?: Half | undefined;
}

/**
 * How well what the ST reads tells the words of captions, by a ridge regression fitted to one split and measured on another:
 * the mean cosine of predicted and true words. It looks at the encoder alone, whatever the objective is.
 */
export async function probePictures(
  environment: TrainingEnvironment,
  { trainOn, measureOn, half }: ProbedSplits,
): Promise<Measurement> {
  const [train, heldOut] = [await probed(environment, trainOn), await probed(environment, measureOn, half)];
  const { cosine, cosines } = fitWordProbe(train, heldOut);
  return { value: cosine, each: Float32Array.from(cosines) };
}

async function probed(environment: TrainingEnvironment, split: string, half?: Half): Promise<ProbedPictures> {
  const rows = environment.rows(split);
  const counted = half ? halfOfRows(rows, half).map((index) => rows[index]!) : rows;
  const chosen = spread([...captionedPictures(counted).values()], MOST_PROBED_PICTURES);
  return {
    features: await pictureVectors(
      environment.model,
      environment.pixels,
      chosen.map(({ picture }) => picture),
    ),
    captions: chosen.map(({ captions }) => captions),
  };
}
