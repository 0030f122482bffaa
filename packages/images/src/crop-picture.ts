import type { RawPicture } from '@eim/contracts';
import type { PictureWindow } from './picture-window.js';

/** The pixels of a window that lies in the picture. */
export function cropPicture(picture: RawPicture, { left, top, width, height }: PictureWindow): RawPicture {
  if (width === picture.width && height === picture.height) return { ...picture, data: picture.data.slice() };
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}
