import { EimError } from '@eim/contracts';
import { quantile } from './quantile.js';

export interface PairedBootstrapRequest {
  /** Scores of the one system, by picture. */
  readonly left: readonly number[];
  /** Of the other, of the same pictures in the same order. */
  readonly right: readonly number[];
  /** @default 10000 */
  readonly resamples?: number;
  /** Draws whole numbers in [0, bound): a `RandomStream`, for example. */
  readonly random: { integer(bound: number): number };
}

export interface PairedBootstrapResult {
  /** Mean of left minus mean of right. */
  readonly difference: number;
  /** Chance, if left were no better than right, of a difference at least this large. */
  readonly oneSided: number;
  /** Twice the smaller tail, at most 1: of a difference at least this large either way. */
  readonly twoSided: number;
  /** Central 95 % of the resampled differences. */
  readonly interval: readonly [number, number];
  readonly resamples: number;
}

/**
 * Paired bootstrap over pictures (Koehn, EMNLP 2004; Efron & Tibshirani, 1993, section 16): pictures are drawn
 * with replacement, both systems' scores with them, and a p-value is the share of resamples in which left
 * does not beat right, with one added above and below so that it is never 0.
 *
 * For CIDEr give the pictures' scores from one whole reference set: document frequencies then stay those of
 * the whole set in every resample.
 */
export function pairedBootstrap(request: PairedBootstrapRequest): PairedBootstrapResult {
  const { left, right, resamples = 10_000, random } = request;
  if (left.length !== right.length || left.length === 0 || !Number.isInteger(resamples) || resamples < 1) {
    throw new EimError({
      code: 'invalid-argument',
      message: `A paired bootstrap needs both systems' scores of the same pictures; it was given ${left.length} and ${right.length}, and ${resamples} resamples.`,
    });
  }
  const differences = Float64Array.from(left, (score, index) => score - right[index]!);
  const size = differences.length;
  const means = new Float64Array(resamples);
  let notAbove = 0;
  let notBelow = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (let draw = 0; draw < size; draw++) sum += differences[random.integer(size)]!;
    means[resample] = sum / size;
    if (sum <= 0) notAbove++;
    if (sum >= 0) notBelow++;
  }
  means.sort();
  const oneSided = (notAbove + 1) / (resamples + 1);
  const otherSide = (notBelow + 1) / (resamples + 1);
  return {
    difference: differences.reduce((sum, difference) => sum + difference, 0) / size,
    oneSided,
    twoSided: Math.min(1, 2 * Math.min(oneSided, otherSide)),
    interval: [quantile(means, 0.025), quantile(means, 0.975)],
    resamples,
  };
}
