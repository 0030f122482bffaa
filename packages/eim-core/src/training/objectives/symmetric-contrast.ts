import type { Tensor, Tensor2D } from '@eim/contracts/model';
import { crossEntropy, l2Normalise, matMul } from '@eim/engine';
import { add, mul, ones, type Rank, range, type Scalar } from '@tensorflow/tfjs-core';

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
  labelSmoothing = 0,
): Scalar {
  const [count] = pictures.shape;
  const [left, right] = [l2Normalise(pictures), l2Normalise(texts)];
  const own = range(0, count, 1, 'int32'); // [P]
  const weights = ones<Rank.R1>([count]); // [P]
  const side = (from: Tensor2D, to: Tensor2D): Tensor =>
    crossEntropy(
      mul(matMul(from, to, { transposeB: true }), scale) as Tensor2D,
      own,
      weights,
      labelSmoothing,
    );
  return mul(add(side(left, right), side(right, left)), 0.5);
}
