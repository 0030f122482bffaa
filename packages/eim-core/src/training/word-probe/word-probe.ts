import { CaptionWords } from './caption-words.js';
import { type Rows, ridgeRegressions } from './ridge-regression.js';

/** Shares of the features' own variance by which a regression is held back; the best one on held-out pictures counts. */
const STRENGTHS = [0.01, 0.1, 1, 10] as const;

/** Pictures by their features and captions. */
export interface ProbedPictures {
  /** `[N, D]` */
  readonly features: Rows;
  readonly captions: readonly (readonly string[])[];
}

/** How well features tell the words of captions. */
export interface WordProbe {
  /** Mean cosine of predicted and true words on the held-out pictures, between -1 and 1. */
  readonly cosine: number;
  /** The cosine of each held-out picture. `[M]` */
  readonly cosines: readonly number[];
  readonly words: CaptionWords;
  /** @param features `[M, D]` @returns `[M, W]`, words as the features tell them */
  predict(features: Rows): Float64Array[];
}

/**
 * Fits a ridge regression from features to the rare and frequent words of captions, in closed form, and measures it on
 * pictures that it has not seen. The strength of the penalty is the one that does best there.
 *
 * @example
 * const { cosine } = fitWordProbe(train, validation);
 */
export function fitWordProbe(train: ProbedPictures, heldOut: ProbedPictures): WordProbe {
  const words = new CaptionWords(train.captions);
  const fit = ridgeRegressions(
    train.features,
    train.captions.map((captions) => words.weigh(captions)),
  );
  const truth = heldOut.captions.map((captions) => words.weigh(captions)); // [M, W]
  const tried = STRENGTHS.map((strength) => {
    const { predict } = fit(strength);
    const predicted = predict(heldOut.features); // [M, W]
    const cosines = predicted.map((row, i) => cosineOf(row, truth[i]!));
    return { predict, cosines, cosine: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length };
  });
  const best = tried.reduce((best, other) => (other.cosine > best.cosine ? other : best));
  return { ...best, words };
}

/** Cosine of the angle between two vectors; 0 where one is 0. */
function cosineOf(left: Float64Array, right: Float64Array): number {
  let [product, leftSquare, rightSquare] = [0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    product += left[i]! * right[i]!;
    leftSquare += left[i]! ** 2;
    rightSquare += right[i]! ** 2;
  }
  return product === 0 ? 0 : product / Math.sqrt(leftSquare * rightSquare);
}
