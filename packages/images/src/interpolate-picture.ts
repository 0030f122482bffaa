import type { RawPicture } from '@eim/contracts';
import { checkPicture } from './check-picture.js';
import type { PictureSize, PictureWindow } from './picture-window.js';
import type { Interpolation } from './resample-coefficients.js';

/**
 * Bilinear interpolation between the four nearest pixels without antialiasing. Unlike {@link resizePicture} it does
 * not round.
 * @param window the part of the resized picture that is wanted
 * @param places where pixels lie: `bilinear-interpolation` has their centres at halves, as TensorFlow's
 * `tf.image.resize` and PyTorch's `interpolate(align_corners=False)`; `corner-interpolation` at whole numbers, as
 * TensorFlow 1 (`half_pixel_centers=False`)
 * @returns `[window.height, window.width, 3]`, 0 to 255
 * @throws EimError `invalid-argument` for a broken picture
 */
export function interpolatePicture(
  picture: RawPicture,
  size: PictureSize,
  window: PictureWindow = { left: 0, top: 0, ...size },
  places: Interpolation = 'bilinear-interpolation',
): Float32Array {
  checkPicture(picture);
  const columns = planAxis(picture.width, size.width, places, window.left, window.width);
  const rows = planAxis(picture.height, size.height, places, window.top, window.height);
  const values = new Float32Array(window.width * window.height * 3);
  const stride = picture.width * 3;
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const upper = row.first * stride;
      const lower = row.second * stride;
      for (let channel = 0; channel < 3; channel++) {
        const [left, right] = [column.first * 3 + channel, column.second * 3 + channel];
        const above = mix(picture.data[upper + left]!, picture.data[upper + right]!, column.share);
        const below = mix(picture.data[lower + left]!, picture.data[lower + right]!, column.share);
        values[to++] = mix(above, below, row.share);
      }
    }
  }
  return values;
}

const mix = (first: number, second: number, share: number): number => first + (second - first) * share;

/** The two input pixels of each output pixel, and the second one's share. */
function planAxis(input: number, output: number, places: Interpolation, start: number, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const place = placeOf(start + index, input, output, places);
    const first = Math.min(Math.floor(place), input - 1);
    return { first, second: Math.min(first + 1, input - 1), share: place - first };
  });
}

/** Where among the input pixels an output pixel lies. */
function placeOf(index: number, input: number, output: number, places: Interpolation): number {
  // TensorFlow 1 works in 32-bit floats
  if (places === 'corner-interpolation') return Math.fround(index * Math.fround(input / output));
  return Math.max(0, ((index + 0.5) * input) / output - 0.5);
}
