import type { Tensor, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { crossEntropy, l2Normalise, matMul } from '@eim/engine';
import { add, expandDims, mul, ones, type Rank, range, type Scalar, sub } from '@tensorflow/tfjs-core';

export interface SymmetricContrastOptions {
  /** @default 0 */
  readonly labelSmoothing?: number | undefined;
  /** `[P]`, 1 for a pair that counts; the others are no pair's alternative either. Absent: all count. */
  readonly real?: Tensor1D | undefined;
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
  { labelSmoothing = 0, real }: SymmetricContrastOptions = {},
): Scalar {
  const [count] = pictures.shape;
  const [left, right] = [l2Normalise(pictures), l2Normalise(texts)];
  const own = range(0, count, 1, 'int32'); // [P]
  const weights = real ?? ones<Rank.R1>([count]); // [P]
  const hidden = real && mul(sub(1, real), HIDDEN); // [P]
  const side = (from: Tensor2D, to: Tensor2D): Tensor => {
    const scores = mul(matMul(from, to, { transposeB: true }), scale); // [P, P]
    return crossEntropy(
      (hidden ? add(scores, expandDims(hidden, 0)) : scores) as Tensor2D,
      own,
      weights,
      labelSmoothing,
    );
  };
  return mul(add(side(left, right), side(right, left)), 0.5);
}
