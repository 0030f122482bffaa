import type { ImagePreprocessing, PixelValues, RawPicture } from '@eim/contracts';
import { normalisePixels, preprocessToValues } from '@eim/images';

/** How pictures become an encoder's input. */
export interface PicturePreprocessor {
  /** Resizes and crops. @returns `imageSize * imageSize * 3` values from 0 to 255, row by row */
  toValues(picture: RawPicture, preprocessing: ImagePreprocessing): PixelValues;
  /** Scales values to [0, 1], then by mean and standard deviation, into `out` (the same length). */
  normalise(values: PixelValues, preprocessing: ImagePreprocessing, out: Float32Array): void;
}

/** The Pillow-exact preparation of `@eim/images`. */
export const imagesPreprocessor: PicturePreprocessor = {
  toValues: preprocessToValues,
  normalise: (values, preprocessing, out) => void normalisePixels(values, preprocessing, out),
};
