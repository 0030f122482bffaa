import { EimError } from '@eim/contracts';
import { quantile } from './quantile.js';

export interface SeededBootstrapRequest {
  /** Scores of the one system: by seed, of each picture. */
  readonly left: readonly (readonly number[])[];
  /** Of the other, with the same seeds and pictures in the same order. */
  readonly right: readonly (readonly number[])[];
  /** What the other's scores are multiplied by: 1.02 asks whether left is more than 2 % better. @default 1 */
  readonly times?: number;
  /** @default 10000 */
  readonly resamples?: number;
  /** Draws whole numbers in [0, bound): a `RandomStream`, for example. */
  readonly random: { integer(bound: number): number };
}

export interface SeededBootstrapResult {
  /** `mean(left) - times * mean(right)`, over all seeds and pictures. */
  readonly difference: number;
  /** Chance, if the difference were not above 0, of one at least this large. */
  readonly oneSided: number;
  /** Central 95 % of the resampled differences. */
  readonly interval: readonly [number, number];
  readonly resamples: number;
}

/**
 * Paired bootstrap over seeds and pictures: both are drawn with replacement, a seed with both systems' trainings and a picture
 * with all of its scores (Efron & Tibshirani, 1993, section 16, with seeds as a second factor). The p-value is the share of
 * resamples whose difference is not above 0, with one added above and below so that it is never 0. With few seeds the spread
 * between seeds is underestimated.
 * @throws EimError `invalid-argument` where seeds or pictures are not paired
 */
export function seededBootstrap(request: SeededBootstrapRequest): SeededBootstrapResult {
  const { left, right, times = 1, resamples = 10_000, random } = request;
  const pictures = left[0]?.length ?? 0;
  const paired =
    left.length === right.length && [...left, ...right].every((seed) => seed.length === pictures);
  if (!paired || pictures === 0 || !Number.isInteger(resamples) || resamples < 1) {
    throw new EimError({
      code: 'invalid-argument',
      message: `A bootstrap over seeds and pictures needs scores of the same pictures for the same seeds; it was given ${left.length} and ${right.length} seeds, and ${resamples} resamples.`,
    });
  }
  const seeds = left.map((scores, seed) =>
    Float64Array.from(scores, (score, picture) => score - times * right[seed]![picture]!),
  );
  const size = seeds.length * pictures;
  const differences = new Float64Array(resamples);
  const ofPicture = new Float64Array(pictures);
  let notAbove = 0;
  for (let resample = 0; resample < resamples; resample++) {
    ofPicture.fill(0);
    for (let draw = 0; draw < seeds.length; draw++) {
      const seed = seeds[random.integer(seeds.length)]!;
      for (let picture = 0; picture < pictures; picture++) ofPicture[picture]! += seed[picture]!;
    }
    let sum = 0;
    for (let draw = 0; draw < pictures; draw++) sum += ofPicture[random.integer(pictures)]!;
    differences[resample] = sum / size;
    if (sum <= 0) notAbove++;
  }
  differences.sort();
  const total = seeds.reduce((sum, scores) => scores.reduce((inner, score) => inner + score, sum), 0);
  return {
    difference: total / size,
    oneSided: (notAbove + 1) / (resamples + 1),
    interval: [quantile(differences, 0.025), quantile(differences, 0.975)],
    resamples,
  };
}
