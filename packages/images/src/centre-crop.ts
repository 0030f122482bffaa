import type { ImagePreprocessing, RawPicture } from '@eim/contracts';
import type { PictureSize, PictureWindow } from './picture-window.js';
import { resizePicture } from './resize-picture.js';

/**
 * Where a centred square lies; the rule decides when a margin is odd. A square that is larger than the picture begins
 * outside of it, at negative places.
 */
export function centreWindow(
  { width, height }: PictureSize,
  side: number,
  rounding: ImagePreprocessing['cropRounding'],
): PictureWindow {
  const offset = (length: number) => {
    const margin = length - side;
    const lower = Math.floor(margin / 2);
    if (rounding === 'floor') return lower;
    // torchvision pads the lesser half before the picture
    if (margin < 0) return Math.ceil(margin / 2);
    // Half to even, as Python's `round`: of n + 0.5 the even neighbour.
    return margin % 2 !== 0 && lower % 2 !== 0 ? lower + 1 : lower;
  };
  return { left: offset(width), top: offset(height), width: side, height: side };
}

/**
 * The centred square of a picture.
 * @throws EimError `invalid-argument` where the picture is smaller than the square
 */
export function centreCrop(
  picture: RawPicture,
  side: number,
  rounding: ImagePreprocessing['cropRounding'],
): RawPicture {
  return resizePicture(picture, picture, 'bilinear', centreWindow(picture, side, rounding));
}
