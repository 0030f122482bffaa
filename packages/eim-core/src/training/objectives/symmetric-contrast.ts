import type { Batch, Tensor, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { crossEntropy, l2Normalise, matMul } from '@eim/engine';
import {
  add,
  div,
  expandDims,
  eye,
  maximum,
  mul,
  ones,
  type Rank,
  range,
  type Scalar,
  sub,
  sum,
} from '@tensorflow/tfjs-core';

export interface SymmetricContrastOptions {
  /** @default 0 */
  readonly labelSmoothing?: number | undefined;
  /** `[P]`, 1 for a pair that counts; the others are no pair's alternative either. Absent: all count. */
  readonly real?: Tensor1D | undefined;
  /** Share of each target that is spread over the pairs as `similar` says. @default 0 */
  readonly softTargets?: number | undefined;
  /** `[P, P]`, rows of sum 1; where it is given with `real`, pairs that do not count have columns of 0. */
  readonly similar?: Tensor2D | undefined;
}

/** Makes the similarity of what does not count too small to matter in a softmax. */
const HIDDEN = -1e9;

/**
 * Symmetric InfoNCE: each picture should find its own text among the batch's, and each text its picture
 * (Radford et al. 2021, CLIP, figure 3).
 * @param pictures `[P, D]`
 * @param texts `[P, D]`, row i belongs to picture i
 * @param scale the inverse temperature
 * @returns scalar
 */
export function symmetricContrast(
  pictures: Tensor2D,
  texts: Tensor2D,
  scale: Scalar | number,
  { labelSmoothing = 0, real, softTargets = 0, similar }: SymmetricContrastOptions = {},
): Scalar {
  const [count] = pictures.shape;
  const [left, right] = [l2Normalise(pictures), l2Normalise(texts)];
  const own = range(0, count, 1, 'int32'); // [P]
  const weights = real ?? ones<Rank.R1>([count]); // [P]
  const side = (from: Tensor2D, to: Tensor2D): Tensor => {
    const scores = mul(matMul(from, to, { transposeB: true }), scale) as Tensor2D; // [P, P]
    const soft = similar ? mul(softening(scores, similar, weights), softTargets) : undefined;
    const hard = hardSide(scores);
    return soft ? add(hard, soft) : hard;
  };
  const hardSide = (scores: Tensor2D): Tensor => {
    if (!real) return crossEntropy(scores, own, weights, labelSmoothing);
    const shown = add(scores, expandDims(mul(sub(1, real), HIDDEN), 0)) as Tensor2D; // [P, P]
    const loss = crossEntropy(shown, own, weights);
    return labelSmoothing === 0 ? loss : add(loss, mul(smoothing(scores, real), labelSmoothing));
  };
  return mul(add(side(left, right), side(right, left)), 0.5);
}

/** The loss of not knowing which of a batch's pictures is meant. Undefined where filling may stand among them. */
export function guessingOneOf({ pictureCount, rowsPerPicture }: Batch): number | undefined {
  return rowsPerPicture === undefined ? undefined : Math.log(pictureCount);
}

/**
 * What a soft target adds for each unit of its share: by how much the own pair's score is above the mean that the target gives
 * to similar pairs.
 */
function softening(scores: Tensor2D, similar: Tensor2D, weights: Tensor1D): Scalar {
  const ownScores = sum(mul(scores, eye(weights.shape[0])), 1); // [P]
  const likeScores = sum(mul(scores, similar), 1); // [P]
  return div(sum(mul(sub(ownScores, likeScores), weights)), maximum(sum(weights), 1));
}

/**
 * What a smoothed label adds for each unit of smoothing: by how much the own pair's score is above the mean score of all real
 * pairs. A softmax over all classes would spread the label over hidden ones.
 */
function smoothing(scores: Tensor2D, real: Tensor1D): Scalar {
  const count = maximum(sum(real), 1);
  const ownScores = sum(mul(scores, eye(real.shape[0])), 1); // [P]
  const meanScores = div(sum(mul(scores, expandDims(real, 0)), 1), count); // [P]
  return div(sum(mul(sub(ownScores, meanScores), real)), count);
}
