import type { RawPicture } from '@eim/contracts';
import { preprocessToBytes } from '@eim/images';
import { encodePng } from './encode-png.js';

/** Side of a picture in a report; smaller ones stay as they are. */
const LARGEST_SIDE = 192;

/** A picture as a square `data:` URI, its centre cropped. */
export function pictureDataUri(picture: RawPicture): string {
  const side = Math.min(LARGEST_SIDE, picture.width, picture.height);
  const isSquare = picture.width === side && picture.height === side;
  const data = isSquare
    ? picture.data
    : preprocessToBytes(picture, {
        imageSize: side,
        resize: 'shortest-side',
        filter: 'bicubic',
        cropRounding: 'floor',
        mean: [0, 0, 0],
        standardDeviation: [1, 1, 1],
      });
  return `data:image/png;base64,${encodePng({ width: side, height: side, data }).toString('base64')}`;
}
