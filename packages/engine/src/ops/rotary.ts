import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mul, reshape, reverse } from '@tensorflow/tfjs-core';
import { assertArgument, assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';

/**
 * Rotary position embedding (Su et al. 2021, equation 34) over heads laid side by side in a row. The pairs that
 * turn together are element i and element i + d/2 of a head, as in Hugging Face's `rotate_half`.
 * @param x `[N, H*d]`
 * @param cosine `[N, d]`, of each row's angles, the d/2 of them twice
 * @param sine `[N, d]`, likewise, the first half negated
 * @returns `[N, H*d]`
 */
export function rotary(x: Tensor2D, cosine: Tensor2D, sine: Tensor2D): Tensor2D {
  assertShape('rotary', 'x', x, [null, null]);
  const [rows, width] = x.shape;
  assertShape('rotary', 'cosine', cosine, [rows, null]);
  const size = cosine.shape[1]; // d
  assertShape('rotary', 'sine', sine, [rows, size]);
  assertArgument(
    'rotary',
    size > 0 && size % 2 === 0 && width % size === 0,
    `a row of ${width} does not split into heads of ${size}, an even number.`,
  );
  const heads: [number, number, number, number] = [rows, width / size, 2, size / 2];
  const perHead = [rows, 1, 2, size / 2];
  const inHeads = (rowwise: Tensor): Tensor4D => reshape(rowwise, heads);
  return differentiable({
    inputs: { x },
    forward: (save) => {
      save([cosine, sine]);
      const parts = inHeads(x); // [N, H, 2, d/2]
      const straight = mul(parts, reshape(cosine, perHead));
      const crossed = mul(reverse(parts, 2), reshape(sine, perHead));
      return reshape(add(straight, crossed), [rows, width]) as Tensor2D; // [N, H*d]
    },
    gradients: (dy, [cosines, sines]) => ({
      x: () => {
        const parts = inHeads(dy); // [N, H, 2, d/2]
        const straight = mul(parts, reshape(cosines!, perHead));
        const crossed = reverse(mul(parts, reshape(sines!, perHead)), 2);
        return reshape(add(straight, crossed), [rows, width]); // [N, H*d]
      },
    }),
  });
}
