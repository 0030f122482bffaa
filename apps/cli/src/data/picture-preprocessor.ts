import type { PicturePreprocessor } from '@eim/core';
import { normalisePixels, preprocessToBytes } from '@eim/images';

/** The Pillow-exact preparation of `@eim/images`, as the runner takes it. */
export const picturePreprocessor: PicturePreprocessor = {
  toBytes: preprocessToBytes,
  normalise: (bytes, preprocessing, out) => void normalisePixels(bytes, preprocessing, out),
};
