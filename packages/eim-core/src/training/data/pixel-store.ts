import { type CaptionedPicture, EimError, type ImagePreprocessing, type PixelValues } from '@eim/contracts';
import type { PicturePreprocessor } from './picture-preprocessor.js';

/**
 * Resized pictures, decoded once and kept, as bytes where resizing rounds: a quarter of their float form, so 10,000 pictures of
 * 64 pixels take 123 MB.
 */
export class PixelStore {
  readonly #preprocess: PicturePreprocessor;
  readonly #preprocessing: ImagePreprocessing;
  readonly #values = new Map<CaptionedPicture, PixelValues>();

  constructor(preprocess: PicturePreprocessor, preprocessing: ImagePreprocessing) {
    this.#preprocess = preprocess;
    this.#preprocessing = preprocessing;
  }

  /** Side of every picture here. */
  get imageSize(): number {
    return this.#preprocessing.imageSize;
  }

  /** `imageSize * imageSize * 3` values. Rejects with an EimError that names the picture. */
  async values(picture: CaptionedPicture): Promise<PixelValues> {
    const known = this.#values.get(picture);
    if (known) return known;
    const values = this.#preprocess.toValues(await picture.load(), this.#preprocessing);
    const expected = this.imageSize ** 2 * 3;
    if (values.length !== expected) {
      throw new EimError({
        code: 'invalid-data',
        message: `Preprocessing ${picture.source} gave ${values.length} values in place of ${expected}.`,
        advice: 'The injected preprocess.toValues must return imageSize * imageSize * 3 values.',
        data: { source: picture.source, values: values.length, expected },
      });
    }
    this.#values.set(picture, values);
    return values;
  }

  /** Writes one picture, normalised, into its place of a batch. */
  normalise(values: PixelValues, out: Float32Array): void {
    this.#preprocess.normalise(values, this.#preprocessing, out);
  }
}
