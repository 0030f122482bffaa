import type { ImagePreprocessing } from '@eim/contracts';
import type { PictureSize } from './picture-window.js';

/**
 * The size at which the shorter side is `side` and the aspect is kept: `int(side * long / short)`, as
 * torchvision and Hugging Face compute it.
 */
export function shortestSideSize({ width, height }: PictureSize, side: number): PictureSize {
  return width <= height
    ? { width: side, height: Math.floor((side * height) / width) }
    : { width: Math.floor((side * width) / height), height: side };
}

/**
 * The size at which the longer side is `side` and the aspect is kept: `round(length / (longest / side))`, half to even,
 * as open_clip's `ResizeKeepRatio` computes it; at least a pixel.
 */
export function longestSideSize({ width, height }: PictureSize, side: number): PictureSize {
  const ratio = Math.max(width, height) / side;
  const scaled = (length: number) => Math.max(1, roundHalfToEven(length / ratio));
  return { width: scaled(width), height: scaled(height) };
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const lower = Math.floor(value);
  if (value - lower !== 0.5) return Math.round(value);
  return lower % 2 === 0 ? lower : lower + 1;
}

/** What a picture is resized to before its centre is cut out. */
export function resizedSize(picture: PictureSize, preprocessing: ImagePreprocessing): PictureSize {
  const { imageSize, resize, resizeSide = imageSize, resizeSize } = preprocessing;
  if (resize === 'shortest-side') return shortestSideSize(picture, resizeSide);
  if (resize === 'longest-side') return longestSideSize(picture, resizeSide);
  if (resize === 'none') return { width: picture.width, height: picture.height };
  return resizeSize ?? { width: imageSize, height: imageSize };
}
