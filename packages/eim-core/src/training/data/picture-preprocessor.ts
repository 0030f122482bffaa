import type { ImagePreprocessing, RawPicture } from '@eim/contracts';

/** How pictures become an encoder's input; `@eim/images` fits, and is handed in by whoever joins the packages. */
export interface PicturePreprocessor {
  /** Resizes and crops. @returns `imageSize * imageSize * 3` bytes, row by row */
  toBytes(picture: RawPicture, preprocessing: ImagePreprocessing): Uint8Array;
  /** Scales bytes to [0, 1], then by mean and standard deviation, into `out` (the same length). */
  normalise(bytes: Uint8Array, preprocessing: ImagePreprocessing, out: Float32Array): void;
}
