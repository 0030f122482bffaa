import { EimError, type ImagePreprocessing, type Picture, type PixelValues } from '@eim/contracts';
import type { MemoryBudget } from './memory-budget.js';
import type { PicturePreprocessor } from './picture-preprocessor.js';

/**
 * Resized pictures, decoded once and kept while the budget lasts, as bytes where resizing rounds: a quarter of their float form, so 10,000 pictures of
 * 64 pixels take 123 MB. Those beyond it are decoded again from where they came.
 */
export class PixelStore {
  readonly #preprocess: PicturePreprocessor;
  readonly #preprocessing: ImagePreprocessing;
  readonly #budget: MemoryBudget;
  readonly #values = new Map<string, PixelValues>();

  constructor(preprocess: PicturePreprocessor, preprocessing: ImagePreprocessing, budget: MemoryBudget) {
    this.#preprocess = preprocess;
    this.#preprocessing = preprocessing;
    this.#budget = budget;
  }

  /** Side of every picture here. */
  get imageSize(): number {
    return this.#preprocessing.imageSize;
  }

  /**
   * `imageSize * imageSize * 3` values. Rejects with an EimError that names the picture.
   * @param keep whether it will be asked for again
   */
  async values(picture: Picture, { keep = true } = {}): Promise<PixelValues> {
    const known = this.#values.get(picture.fingerprint);
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
    if (keep && this.#budget.take(values.byteLength)) this.#values.set(picture.fingerprint, values);
    return values;
  }

  /** Writes one picture, normalised, into its place of a batch. */
  normalise(values: PixelValues, out: Float32Array): void {
    this.#preprocess.normalise(values, this.#preprocessing, out);
  }
}
