import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  depthwiseConv2d as convolve,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  stack,
  stridedSlice,
  sum,
} from '@tensorflow/tfjs-core';
import { inShapesPass } from '../shapes/shapes-pass.js';
import { assertArgument, assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';

/**
 * Convolution of each channel by itself, padded by TensorFlow's `same` rule, without bias.
 * @param x `[B, H, W, C]`
 * @param filter `[K, K, C, 1]`
 * @returns `[B, ceil(H / stride), ceil(W / stride), C]`
 */
export function depthwiseConv2d(x: Tensor4D, filter: Tensor4D, stride = 1): Tensor4D {
  assertShape('depthwiseConv2d', 'x', x, [null, null, null, null]);
  assertShape('depthwiseConv2d', 'filter', filter, [null, null, x.shape[3], 1]);
  const [side, other] = filter.shape;
  assertArgument('depthwiseConv2d', side === other, `a filter of ${side} x ${other} is not square.`);
  // The gradients below serve engines that lack kernels for them; a cost by formula is that of the kernels.
  if (inShapesPass()) return convolve(x, filter, stride, 'same');
  const padded = pad(x, [
    [0, 0],
    samePadding(x.shape[1], side, stride),
    samePadding(x.shape[2], side, stride),
    [0, 0],
  ]) as Tensor4D;
  return differentiable({
    inputs: { padded, filter },
    forward: (save) => {
      save([padded, filter]);
      return convolve(padded, filter, stride, 'valid');
    },
    gradients: (dy, [input, kernel]) => ({
      padded: () => inputGradient(dy, kernel as Tensor4D, input!.shape as Tensor4D['shape'], stride),
      filter: () => filterGradient(dy, input as Tensor4D, side, stride),
    }),
  });
}

/** Zeros before and after an axis; an odd one comes last. */
function samePadding(size: number, side: number, stride: number): [number, number] {
  const zeros = Math.max(0, (Math.ceil(size / stride) - 1) * stride + side - size);
  return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
}

/** A convolution of the outputs' gradient, spread out by the stride, with the filter turned round. */
function inputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  [, height, width]: Tensor4D['shape'],
  stride: number,
): Tensor4D {
  const spread = spreadOut(dy, stride); // [B, H'*stride, W'*stride, C]
  const [side] = filter.shape;
  // of the input's end, the outputs may leave a part unread
  const around = pad(spread, [
    [0, 0],
    [side - 1, Math.max(0, height - spread.shape[1])],
    [side - 1, Math.max(0, width - spread.shape[2])],
    [0, 0],
  ]) as Tensor4D;
  const [batch, , , channels] = dy.shape;
  const gradient = convolve(around, reverse(filter, [0, 1]), 1, 'valid');
  return slice(gradient, [0, 0, 0, 0], [batch, height, width, channels]);
}

/** Zeros behind each pixel, to the right and below: `[B, H * stride, W * stride, C]`. */
function spreadOut(x: Tensor4D, stride: number): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const behind: [number, number][] = [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ];
  const columns = pad(reshape(x, [batch * height * width, 1, channels]) as Tensor3D, behind);
  const rows = pad(reshape(columns, [batch * height, 1, width * stride * channels]) as Tensor3D, behind);
  return reshape(rows, [batch, height * stride, width * stride, channels]);
}

function filterGradient(dy: Tensor4D, input: Tensor4D, side: number, stride: number): Tensor4D {
  const [batch, height, width, channels] = dy.shape;
  const taps = Array.from({ length: side * side }, (_, tap) => {
    const [row, column] = [Math.floor(tap / side), tap % side];
    const seen = stridedSlice(
      input,
      [0, row, column, 0],
      [batch, row + (height - 1) * stride + 1, column + (width - 1) * stride + 1, channels],
      [1, stride, stride, 1],
    ); // [B, H', W', C]
    return sum(reshape(mul(seen, dy), [-1, channels]), 0); // [C]
  });
  return reshape(stack(taps), [side, side, channels, 1]);
}
