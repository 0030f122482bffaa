import type { RawPicture } from '@eim/contracts';
import { preprocessToBytes } from '@eim/images';

/** A whole picture as a square, whatever its shape: `[side, side, 3]`, 0 to 255. */
export function stretchedPixels(picture: RawPicture, side: number): Uint8Array {
  return preprocessToBytes(picture, {
    imageSize: side,
    resize: 'stretch',
    filter: 'bilinear',
    cropRounding: 'floor',
    mean: [0, 0, 0],
    standardDeviation: [1, 1, 1],
  });
}
