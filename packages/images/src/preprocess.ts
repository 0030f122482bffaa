import type { ImagePreprocessing, PixelValues, RawPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { centreWindow } from './centre-crop.js';
import { checkPicture } from './check-picture.js';
import { interpolatePicture } from './interpolate-picture.js';
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
 * Resized and cropped, not normalised: what to cache, as bytes are a quarter of the size of floats. Floats come
 * where the filter does not round.
 * @returns `[imageSize, imageSize, 3]`, 0 to 255
 */
export function preprocessToValues(picture: RawPicture, preprocessing: ImagePreprocessing): PixelValues {
  checkPicture(picture);
  const { imageSize, resize, resizeSide = imageSize, filter, cropRounding } = preprocessing;
  const size =
    resize === 'stretch' ? { width: imageSize, height: imageSize } : shortestSideSize(picture, resizeSide);
  const window = centreWindow(size, imageSize, cropRounding);
  return filter === 'bilinear-interpolation'
    ? interpolatePicture(picture, size, window)
    : resizePicture(picture, size, filter, window).data;
}

/** {@link preprocessToValues} in bytes, rounded where they are not yet. */
export function preprocessToBytes(picture: RawPicture, preprocessing: ImagePreprocessing): Uint8Array {
  const values = preprocessToValues(picture, preprocessing);
  return values instanceof Uint8Array ? values : new Uint8Array(Uint8ClampedArray.from(values).buffer);
}

/**
 * `(value / 255 - mean) / standardDeviation` by channel, rounded to float32 after each operation as PyTorch does.
 * @param values `[..., 3]`, 0 to 255
 * @param out where to write; must have room for `values.length` from `offset` on
 */
export function normalisePixels(
  values: PixelValues,
  { mean, standardDeviation }: Pick<ImagePreprocessing, 'mean' | 'standardDeviation'>,
  out: Float32Array = new Float32Array(values.length),
  offset = 0,
): Float32Array {
  if (offset + values.length > out.length) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${values.length} pixel values do not fit into ${out.length} from ${offset} on.`,
    });
  }
  if (values instanceof Uint8Array) normaliseBytes(values, mean, standardDeviation, out, offset);
  else {
    for (let i = 0; i < values.length; i++) {
      out[offset + i] = normalised(values[i]!, mean[i % 3]!, standardDeviation[i % 3]!);
    }
  }
  return out;
}

/** Of the 256 values that a byte has, each is worked out once. */
function normaliseBytes(
  bytes: Uint8Array,
  mean: ImagePreprocessing['mean'],
  standardDeviation: ImagePreprocessing['standardDeviation'],
  out: Float32Array,
  offset: number,
): void {
  const table = Float32Array.from({ length: 3 * 256 }, (_, place) => {
    const channel = place >> 8;
    return normalised(place & 255, mean[channel]!, standardDeviation[channel]!);
  });
  for (let i = 0; i < bytes.length; i += 3) {
    out[offset + i] = table[bytes[i]!]!;
    out[offset + i + 1] = table[256 + bytes[i + 1]!]!;
    out[offset + i + 2] = table[512 + bytes[i + 2]!]!;
  }
}

const normalised = (value: number, mean: number, standardDeviation: number): number =>
  Math.fround(Math.fround(value / 255) - Math.fround(mean)) / Math.fround(standardDeviation);

/** A decoded picture as an encoder's input. @returns `[imageSize, imageSize, 3]` */
export function preprocess(picture: RawPicture, preprocessing: ImagePreprocessing): Float32Array {
  return normalisePixels(preprocessToValues(picture, preprocessing), preprocessing);
}
