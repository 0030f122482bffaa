import type { RawPicture } from '@eim/contracts';
import type { PictureSize, PictureWindow } from './picture-window.js';

/** Pillow's `Image.resize` with `NEAREST`: `ImagingScaleAffine`, which takes one pixel and weighs none. */
export function nearestPicture(picture: RawPicture, size: PictureSize, window: PictureWindow): RawPicture {
  const columns = nearest(picture.width, size.width).slice(window.left, window.left + window.width);
  const rows = nearest(picture.height, size.height).slice(window.top, window.top + window.height);
  const data = new Uint8Array(window.width * window.height * 3);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * picture.width + column) * 3;
      data[to++] = picture.data[from]!;
      data[to++] = picture.data[from + 1]!;
      data[to++] = picture.data[from + 2]!;
    }
  }
  return { width: window.width, height: window.height, data };
}

/** The input pixel of each output pixel. Pillow adds step to step, whose rounding this repeats. */
function nearest(input: number, output: number): number[] {
  const step = input / output;
  let place = step * 0.5;
  return Array.from({ length: output }, () => {
    const pixel = Math.min(Math.trunc(place), input - 1);
    place += step;
    return pixel;
  });
}
