import type { Picture, PixelValues } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../plan/segment-schema.js';
import { augmentBytes } from './augmentation/augment-bytes.js';
import type { PixelStore } from './pixel-store.js';

/** Augmentations of a picture, and the stream that they are drawn from. */
export interface PictureAugmentation {
  readonly augment: readonly Augmentation[];
  readonly random: RandomStream;
}

export interface GatherPixelsOptions {
  /** Places for pictures; those beyond the pictures given stay zeros. @default one a picture */
  readonly slots?: number | undefined;
  /** How each of the pictures is augmented. Absent, or for one that it gives nothing for: not at all. */
  readonly augmentation?: ((place: number) => PictureAugmentation | undefined) | undefined;
  /** Whether the pictures will be asked for again. @default true */
  readonly keep?: boolean | undefined;
}

/** Pixels of some pictures, augmented where asked for and normalised: `[slots * side * side * 3]`. */
export async function gatherPixels(
  store: PixelStore,
  pictures: readonly Picture[],
  { slots = pictures.length, augmentation, keep = true }: GatherPixelsOptions = {},
): Promise<{ data: Float32Array; side: number }> {
  const side = store.imageSize;
  const stride = side * side * 3;
  const data = new Float32Array(slots * stride);
  // At once, as decoding runs beside this thread; in order, as augmentations may draw from one stream.
  const decoded = await Promise.all(pictures.map((picture) => store.values(picture, { keep })));
  for (const [index, values] of decoded.entries()) {
    const drawn = augmentation?.(index);
    const shown = drawn ? augmentBytes(bytesOf(values), side, drawn.augment, drawn.random) : values;
    store.normalise(shown, data.subarray(index * stride, (index + 1) * stride));
  }
  return { data, side };
}

/** Augmentation works on bytes, whatever the resize. */
const bytesOf = (values: PixelValues): Uint8Array =>
  values instanceof Uint8Array ? values : new Uint8Array(Uint8ClampedArray.from(values).buffer);
