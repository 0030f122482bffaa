import type { Tensor4D } from '@tensorflow/tfjs-core';
import { averagePool } from '../../ops/average-pool.js';
import { conv2d } from '../../ops/conv-2d.js';
import { depthwiseConv2d } from '../../ops/depthwise-conv-2d.js';
import { type Array64, array64, positionOf } from '../array64.js';
import { casesOf, drawnInputs, type OpCase } from '../op-case.js';

interface Window {
  readonly strides: number;
  /** A number is of zeros on each side. */
  readonly pad: 'valid' | 'same' | number;
}

/** Convolution of `[B, H, W, C]` by `[h, w, C, O]` (depthwise: `[h, w, C, M]`), as TensorFlow pads. */
function convolution64(x: Array64, filter: Array64, { strides, pad }: Window, depthwise: boolean): Array64 {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [rows, columns, , last] = filter.shape as [number, number, number, number];
  const outputs = depthwise ? channels * last : last;
  const size = (length: number, window: number) =>
    pad === 'same'
      ? Math.ceil(length / strides)
      : Math.ceil((length + 2 * (pad === 'valid' ? 0 : pad) - window + 1) / strides);
  const before = (length: number, window: number) =>
    pad === 'same'
      ? Math.floor(Math.max(0, (size(length, window) - 1) * strides + window - length) / 2)
      : pad === 'valid'
        ? 0
        : pad;
  const shape = [batch, size(height, rows), size(width, columns), outputs];
  return array64(shape, (index) => {
    const [b, top, left, output] = positionOf(index, shape) as [number, number, number, number];
    let sum = 0;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const [y, z] = [
          top * strides + row - before(height, rows),
          left * strides + column - before(width, columns),
        ];
        if (y < 0 || z < 0 || y >= height || z >= width) continue;
        for (let channel = 0; channel < channels; channel++) {
          if (depthwise && channel !== Math.floor(output / last)) continue;
          const value = x.values[((b * height + y) * width + z) * channels + channel]!;
          const at = ((row * columns + column) * channels + channel) * last;
          sum += value * filter.values[at + (depthwise ? output % last : output)]!;
        }
      }
    return sum;
  });
}

const WINDOWS: readonly (readonly [detail: string, picture: number[], filter: number[], Window])[] = [
  ['patches', [2, 8, 8, 3], [4, 4, 3, 5], { strides: 4, pad: 'valid' }],
  ['padded', [2, 5, 6, 2], [3, 3, 2, 4], { strides: 1, pad: 'same' }],
  ['padded and strided', [1, 7, 7, 2], [3, 3, 2, 3], { strides: 2, pad: 'same' }],
  ['large', [2, 9, 10, 16], [3, 3, 16, 24], { strides: 1, pad: 'same' }],
  ['padded by a number', [2, 8, 9, 3], [3, 3, 3, 4], { strides: 2, pad: 1 }],
  ['padded widely', [1, 5, 6, 2], [3, 3, 2, 3], { strides: 1, pad: 2 }],
  ['one by one', [2, 3, 3, 4], [1, 1, 4, 2], { strides: 1, pad: 'valid' }],
];

export const PICTURE_CASES: readonly OpCase[] = [
  ...WINDOWS.flatMap(([detail, picture, filter, window]) =>
    casesOf(
      'conv2d',
      [[detail, ...drawnInputs(picture, filter)]],
      (x, kernel) =>
        conv2d(x as Tensor4D, kernel as Tensor4D, {
          stride: window.strides,
          padding: window.pad === 'valid' ? 0 : window.pad,
        }),
      (x, kernel) => convolution64(x!, kernel!, window, false),
    ),
  ),
  ...WINDOWS.slice(1, 4).flatMap(([detail, picture, [rows, columns, channels], window]) =>
    casesOf(
      'depthwiseConv2d',
      [[detail, ...drawnInputs(picture, [rows!, columns!, channels!, 1])]],
      (x, kernel) => depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, window.strides),
      (x, kernel) => convolution64(x!, kernel!, window, true),
    ),
  ),
  ...casesOf(
    'averagePool',
    [['', ...drawnInputs([2, 4, 6, 3])]],
    (x) => averagePool(x as Tensor4D, 2),
    (x) => {
      const filter = array64([2, 2, 3, 1], () => 0.25);
      return convolution64(x!, filter, { strides: 2, pad: 'valid' }, true);
    },
  ),
];
