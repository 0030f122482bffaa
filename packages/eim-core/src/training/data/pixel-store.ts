import { type CaptionedPicture, EimError, type ImagePreprocessing } from '@eim/contracts';
import type { PicturePreprocessor } from './picture-preprocessor.js';

/**
 * Resized pictures as bytes, decoded once and kept: a quarter of their float form, so 10,000 pictures of
 * 64 pixels take 123 MB.
 */
export class PixelStore {
  readonly #preprocess: PicturePreprocessor;
  readonly #preprocessing: ImagePreprocessing;
  readonly #bytes = new Map<CaptionedPicture, Uint8Array>();

  constructor(preprocess: PicturePreprocessor, preprocessing: ImagePreprocessing) {
    this.#preprocess = preprocess;
    this.#preprocessing = preprocessing;
  }

  /** Side of every picture here. */
  get imageSize(): number {
    return this.#preprocessing.imageSize;
  }

  /** `imageSize * imageSize * 3` bytes. Rejects with an EimError that names the picture. */
  async bytes(picture: CaptionedPicture): Promise<Uint8Array> {
    const known = this.#bytes.get(picture);
    if (known) return known;
    const bytes = this.#preprocess.toBytes(await picture.load(), this.#preprocessing);
    const expected = this.imageSize ** 2 * 3;
    if (bytes.length !== expected) {
      throw new EimError({
        code: 'invalid-data',
        message: `Preprocessing ${picture.source} gave ${bytes.length} bytes in place of ${expected}.`,
        advice: 'The injected preprocess.toBytes must return imageSize * imageSize * 3 bytes.',
        data: { source: picture.source, bytes: bytes.length, expected },
      });
    }
    this.#bytes.set(picture, bytes);
    return bytes;
  }

  /** Writes one picture, normalised, into its place of a batch. */
  normalise(bytes: Uint8Array, out: Float32Array): void {
    this.#preprocess.normalise(bytes, this.#preprocessing, out);
  }
}
