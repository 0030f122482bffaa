import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { conv2d as convolve, pad, reshape } from '@tensorflow/tfjs-core';
import { assertArgument, assertShape } from './assert-shape.js';
import { linear } from './linear.js';

export interface ConvolutionOptions {
  /** @default 1 */
  readonly stride?: number;
  /**
   * Zeros on each side, as PyTorch counts them; `same` is TensorFlow's rule, whose odd zero comes last.
   * @default 'same'
   */
  readonly padding?: number | 'same';
}

/**
 * Convolution of pictures, without bias.
 * @param x `[B, H, W, C]`
 * @param filter `[K, K, C, O]`
 * @returns `[B, H', W', O]`
 */
export function conv2d(x: Tensor4D, filter: Tensor4D, options: ConvolutionOptions = {}): Tensor4D {
  const { stride = 1, padding = 'same' } = options;
  assertShape('conv2d', 'x', x, [null, null, null, null]);
  const [batch, height, width, channels] = x.shape;
  assertShape('conv2d', 'filter', filter, [null, null, channels, null]);
  const [side, other, , outputs] = filter.shape;
  assertArgument('conv2d', side === other, `a filter of ${side} x ${other} is not square.`);
  if (side === 1 && stride === 1 && (padding === 'same' || padding === 0)) {
    // a filter of one pixel is a product of rows, which engines are fastest at
    const rows: Tensor2D = reshape(x, [batch * height * width, channels]);
    const product = linear(rows, reshape(filter, [channels, outputs])); // [B*H*W, O]
    return reshape(product, [batch, height, width, outputs]);
  }
  // TensorFlow's runtime knows no number of zeros, so they are put there, or asked for by the rule that gives as many
  if (padding === 'same' || (stride === 1 && 2 * padding === side - 1)) {
    return convolve(x, filter, stride, 'same');
  }
  const around: [number, number] = [padding, padding];
  const padded = padding === 0 ? x : pad(x, [[0, 0], around, around, [0, 0]]); // [B, H + 2p, W + 2p, C]
  return convolve(padded, filter, stride, 'valid');
}
