import type { Tensor4D } from '@tensorflow/tfjs-core';
import { avgPool, div, reshape, tile } from '@tensorflow/tfjs-core';
import { assertArgument, assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';

/**
 * Means of the squares that tile a picture.
 * @param x `[B, H, W, C]`
 * @param side of a square; divides H and W
 * @returns `[B, H / side, W / side, C]`
 */
export function averagePool(x: Tensor4D, side: number): Tensor4D {
  assertShape('averagePool', 'x', x, [null, null, null, null]);
  const [batch, height, width, channels] = x.shape;
  assertArgument(
    'averagePool',
    height % side === 0 && width % side === 0,
    `squares of ${side} do not tile ${height} x ${width}.`,
  );
  return differentiable({
    inputs: { x },
    forward: () => avgPool(x, side, side, 'valid'),
    gradients: (dy) => ({
      x: () => {
        const share = div(dy, side * side);
        const columns = tile(reshape(share, [-1, 1, channels]), [1, side, 1]);
        const rows = tile(reshape(columns, [(batch * height) / side, 1, width * channels]), [1, side, 1]);
        return reshape(rows, [batch, height, width, channels]) as Tensor4D;
      },
    }),
  });
}
