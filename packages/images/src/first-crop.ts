import { EimError, type RawPicture } from '@eim/contracts';
import { cropPicture } from './crop-picture.js';

/**
 * The central square that has a share of a picture's shorter side: `_decode_and_center_crop` of TensorFlow's
 * EfficientNet, in 32-bit floats as there.
 * @throws EimError `invalid-data` where not a pixel would be left
 */
export function firstCrop(picture: RawPicture, share: number): RawPicture {
  const { width, height } = picture;
  const side = Math.trunc(Math.fround(Math.fround(share) * Math.min(width, height)));
  if (side < 1) {
    throw new EimError({
      code: 'invalid-data',
      message: `A picture of ${width} x ${height} is too small to cut ${share} of its shorter side out of it.`,
      advice: 'Leave it out, or enlarge it.',
      data: { width, height, share },
    });
  }
  const offset = (length: number) => Math.floor((length - side + 1) / 2);
  return cropPicture(picture, { left: offset(width), top: offset(height), width: side, height: side });
}
