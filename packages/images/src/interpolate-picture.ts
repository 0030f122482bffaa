import type { RawPicture } from '@eim/contracts';
import { checkPicture } from './check-picture.js';
import type { PictureSize, PictureWindow } from './resize-picture.js';

/**
 * Bilinear interpolation between the four nearest pixels, pixel centres at halves, without antialiasing:
 * TensorFlow's `tf.image.resize`, PyTorch's `interpolate(align_corners=False)`. Unlike {@link resizePicture} it
 * does not round.
 * @param window the part of the resized picture that is wanted
 * @returns `[window.height, window.width, 3]`, 0 to 255
 * @throws EimError `invalid-argument` for a broken picture
 */
export function interpolatePicture(
  picture: RawPicture,
  size: PictureSize,
  window: PictureWindow = { left: 0, top: 0, ...size },
): Float32Array {
  checkPicture(picture);
  const columns = planAxis(picture.width, size.width, window.left, window.width);
  const rows = planAxis(picture.height, size.height, window.top, window.height);
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
function planAxis(input: number, output: number, start: number, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const place = Math.max(0, ((start + index + 0.5) * input) / output - 0.5);
    const first = Math.min(Math.floor(place), input - 1);
    return { first, second: Math.min(first + 1, input - 1), share: place - first };
  });
}
