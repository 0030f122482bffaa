import type { PicturePreprocessor } from '@eim/core';
import { normalisePixels, preprocessToValues } from '@eim/images';

/** The Pillow-exact preparation of `@eim/images`, as the runner takes it. */
export const picturePreprocessor: PicturePreprocessor = {
  toValues: preprocessToValues,
  normalise: (values, preprocessing, out) => void normalisePixels(values, preprocessing, out),
};
