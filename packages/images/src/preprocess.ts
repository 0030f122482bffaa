import type { ImagePreprocessing, PixelValues, RawPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { centreWindow } from './centre-crop.js';
import { checkPicture } from './check-picture.js';
import { firstCrop } from './first-crop.js';
import { interpolatePicture } from './interpolate-picture.js';
import { resizePicture } from './resize-picture.js';
import { resizedSize } from './resized-size.js';
import { padToWindow, visibleWindow } from './visible-window.js';

/**
 * Cut, resized and padded, not normalised: what to cache, as bytes are a quarter of the size of floats. Floats come
 * where the filter does not round.
 * @returns `[imageSize, imageSize, 3]`, 0 to 255
 */
export function preprocessToValues(picture: RawPicture, preprocessing: ImagePreprocessing): PixelValues {
  checkPicture(picture);
  const { imageSize, filter, cropRounding, padColour = [0, 0, 0] } = preprocessing;
  const source =
    preprocessing.firstCrop === undefined ? picture : firstCrop(picture, preprocessing.firstCrop);
  const size = resizedSize(source, preprocessing);
  const window = centreWindow(size, imageSize, cropRounding);
  const visible = visibleWindow(size, window);
  const values =
    filter === 'bilinear-interpolation' || filter === 'corner-interpolation'
      ? interpolatePicture(source, size, visible, filter)
      : resizePicture(source, size, filter, visible).data;
  const padded = padToWindow(values, visible, window, padColour);
  return preprocessing.channelOrder === 'bgr' ? blueFirst(padded) : padded;
}

/** Red and blue in each other's places. */
function blueFirst(values: PixelValues): PixelValues {
  const turned = values.slice();
  for (let pixel = 0; pixel < values.length; pixel += 3) {
    turned[pixel] = values[pixel + 2]!;
    turned[pixel + 2] = values[pixel]!;
  }
  return turned;
}

/** {@link preprocessToValues} in bytes, rounded where they are not yet. */
export function preprocessToBytes(picture: RawPicture, preprocessing: ImagePreprocessing): Uint8Array {
  const values = preprocessToValues(picture, preprocessing);
  return values instanceof Uint8Array ? values : new Uint8Array(Uint8ClampedArray.from(values).buffer);
}

/** What normalising needs to know. */
type Normalisation = Pick<ImagePreprocessing, 'scale' | 'mean' | 'standardDeviation'>;

/**
 * `(value / 255 - mean) / standardDeviation` by channel, rounded to float32 after each operation as PyTorch does;
 * with a `scale`, `value * scale` in place of the division.
 * @param values `[..., 3]`, 0 to 255
 * @param out where to write; must have room for `values.length` from `offset` on
 */
export function normalisePixels(
  values: PixelValues,
  normalisation: Normalisation,
  out: Float32Array = new Float32Array(values.length),
  offset = 0,
): Float32Array {
  if (offset + values.length > out.length) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${values.length} pixel values do not fit into ${out.length} from ${offset} on.`,
    });
  }
  if (values instanceof Uint8Array) normaliseBytes(values, normalisation, out, offset);
  else {
    for (let i = 0; i < values.length; i++) out[offset + i] = normalised(values[i]!, normalisation, i % 3);
  }
  return out;
}

/** Of the 256 values that a byte has, each is worked out once. */
function normaliseBytes(
  bytes: Uint8Array,
  normalisation: Normalisation,
  out: Float32Array,
  offset: number,
): void {
  const table = Float32Array.from({ length: 3 * 256 }, (_, place) =>
    normalised(place & 255, normalisation, place >> 8),
  );
  for (let i = 0; i < bytes.length; i += 3) {
    out[offset + i] = table[bytes[i]!]!;
    out[offset + i + 1] = table[256 + bytes[i + 1]!]!;
    out[offset + i + 2] = table[512 + bytes[i + 2]!]!;
  }
}

function normalised(
  value: number,
  { scale, mean, standardDeviation }: Normalisation,
  channel: number,
): number {
  const scaled = Math.fround(scale === undefined ? value / 255 : value * scale);
  return Math.fround(scaled - Math.fround(mean[channel]!)) / Math.fround(standardDeviation[channel]!);
}

/** A decoded picture as an encoder's input. @returns `[imageSize, imageSize, 3]` */
export function preprocess(picture: RawPicture, preprocessing: ImagePreprocessing): Float32Array {
  return normalisePixels(preprocessToValues(picture, preprocessing), preprocessing);
}
