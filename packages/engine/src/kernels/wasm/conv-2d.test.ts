import { conv2d, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectSameOnWasm } from '../../testing/expect-same-on-wasm.js';

function convolution(image: number[], filter: number[], stride: number, pad: 'same' | 'valid' | number) {
  return expectSameOnWasm(
    (x, weights) =>
      conv2d(
        x as Tensor3D,
        weights as Tensor4D,
        stride,
        pad,
        'NHWC',
        1,
        typeof pad === 'number' ? 'floor' : undefined,
      ),
    [{ shape: image }, { shape: filter }],
    { tolerance: 1e-4 },
  );
}

describe('Conv2D and Conv2DBackpropFilter on wasm equal cpu', () => {
  test('on random shapes', async () => {
    const small = (max: number) => fc.integer({ min: 1, max });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(small(3), small(9), small(9), small(4)),
        fc.tuple(small(3), small(3), small(5)),
        small(3),
        fc.constantFrom('same' as const, 'valid' as const, 1),
        ([batch, height, width, channels], [filterHeight, filterWidth, outputs], stride, pad) => {
          fc.pre(filterHeight <= height && filterWidth <= width);
          fc.pre(pad !== 1 || filterHeight === filterWidth);
          return convolution(
            [batch, height, width, channels],
            [filterHeight, filterWidth, channels, outputs],
            stride,
            pad,
          );
        },
      ),
      { numRuns: 30, seed: 2 },
    );
  });

  const cases: [string, number[], number[], number, 'same' | 'valid' | number][] = [
    ['patches side by side, as a vision transformer cuts them', [2, 32, 32, 3], [16, 16, 3, 8], 16, 'valid'],
    ['a 1 x 1 filter', [3, 5, 5, 6], [1, 1, 6, 4], 1, 'valid'],
    ['padding by a number', [2, 7, 6, 3], [3, 3, 3, 5], 2, 1],
    ['a filter wider than the image with its padding', [1, 2, 2, 2], [5, 5, 2, 3], 1, 'same'],
    ['a large batch', [40, 6, 6, 2], [3, 3, 2, 4], 1, 'same'],
  ];
  test.each(cases)('%s', async (_name, image, filter, stride, pad) => {
    await convolution(image, filter, stride, pad);
  });
});
