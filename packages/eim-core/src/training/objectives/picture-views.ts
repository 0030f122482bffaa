import type { Batch, Tensor, Tensor2D } from '@eim/contracts/model';
import { addN, div, reshape, slice, transpose } from '@tensorflow/tfjs-core';

/**
 * What is known of pictures with a picture's views beside each other.
 * @param values `[views * P, D]`, view by view
 * @returns `[P, views, D]`, or the values themselves where there is one view
 */
export function viewsOf(values: Tensor2D, { pictureCount }: Pick<Batch, 'pictureCount'>): Tensor {
  const [rows, width] = values.shape;
  if (rows === pictureCount) return values;
  const byView = reshape(values, [rows / pictureCount, pictureCount, width]); // [views, P, D]
  return transpose(byView, [1, 0, 2]);
}

/** The mean of a loss over the views of pictures. @param pictures what {@link viewsOf} gives @param loss of `[P, D]` */
export function meanOfViews(pictures: Tensor, loss: (view: Tensor2D) => Tensor): Tensor {
  if (pictures.rank === 2) return loss(pictures as Tensor2D);
  const [count, views, width] = pictures.shape as [number, number, number];
  const losses = Array.from({ length: views }, (_, view) => {
    const shown = slice(pictures, [0, view, 0], [count, 1, width]);
    return loss(reshape(shown, [count, width]) as Tensor2D);
  });
  return div(addN(losses), views);
}
