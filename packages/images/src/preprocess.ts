import type { ImagePreprocessing, RawPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { centreWindow } from './centre-crop.js';
import { checkPicture } from './check-picture.js';
import type { PictureSize } from './resize-picture.js';
import { resizePicture } from './resize-picture.js';

/**
 * The size at which the shorter side is `side` and the aspect is kept: `int(side * long / short)`, as
 * torchvision and Hugging Face compute it.
 */
export function shortestSideSize({ width, height }: PictureSize, side: number): PictureSize {
  return width <= height
    ? { width: side, height: Math.floor((side * height) / width) }
    : { width: Math.floor((side * width) / height), height: side };
}

/**
 * Resized and cropped, still in bytes: a quarter of the size of floats, so this is what to cache.
 * @returns `[imageSize, imageSize, 3]`
 */
export function preprocessToBytes(picture: RawPicture, preprocessing: ImagePreprocessing): Uint8Array {
  checkPicture(picture);
  const { imageSize, resize, filter, cropRounding } = preprocessing;
  if (resize === 'stretch') {
    return resizePicture(picture, { width: imageSize, height: imageSize }, filter).data;
  }
  const size = shortestSideSize(picture, imageSize);
  return resizePicture(picture, size, filter, centreWindow(size, imageSize, cropRounding)).data;
}

/**
 * `(byte / 255 - mean) / standardDeviation` by channel, rounded to float32 after each operation as PyTorch does.
 * @param bytes `[..., 3]`
 * @param out where to write; must have room for `bytes.length` from `offset` on
 */
export function normalisePixels(
  bytes: Uint8Array,
  { mean, standardDeviation }: Pick<ImagePreprocessing, 'mean' | 'standardDeviation'>,
  out: Float32Array = new Float32Array(bytes.length),
  offset = 0,
): Float32Array {
  if (offset + bytes.length > out.length) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${bytes.length} pixel values do not fit into ${out.length} from ${offset} on.`,
    });
  }
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    const centre = Math.fround(mean[channel]!);
    const spread = Math.fround(standardDeviation[channel]!);
    for (let byte = 0; byte < 256; byte++) {
      table[channel * 256 + byte] = Math.fround(Math.fround(byte / 255) - centre) / spread;
    }
  }
  for (let i = 0; i < bytes.length; i += 3) {
    out[offset + i] = table[bytes[i]!]!;
    out[offset + i + 1] = table[256 + bytes[i + 1]!]!;
    out[offset + i + 2] = table[512 + bytes[i + 2]!]!;
  }
  return out;
}

/** A decoded picture as an encoder's input. @returns `[imageSize, imageSize, 3]` */
export function preprocess(picture: RawPicture, preprocessing: ImagePreprocessing): Float32Array {
  return normalisePixels(preprocessToBytes(picture, preprocessing), preprocessing);
}
