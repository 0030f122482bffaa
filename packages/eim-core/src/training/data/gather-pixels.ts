import type { CaptionedPicture, PixelValues } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../plan/segment-schema.js';
import { augmentBytes } from './augmentation/augment-bytes.js';
import type { PixelStore } from './pixel-store.js';

/** Pixels of some pictures, augmented where asked for and normalised: `[P * side * side * 3]`. */
export async function gatherPixels(
  store: PixelStore,
  pictures: readonly CaptionedPicture[],
  augmentation?: { readonly augment: readonly Augmentation[]; readonly random: RandomStream },
): Promise<{ data: Float32Array; side: number }> {
  const side = store.imageSize;
  const stride = side * side * 3;
  const data = new Float32Array(pictures.length * stride);
  // At once, as decoding runs beside this thread; in order, as augmentation draws from one stream.
  const decoded = await Promise.all(pictures.map((picture) => store.values(picture)));
  for (const [index, values] of decoded.entries()) {
    const shown = augmentation
      ? augmentBytes(bytesOf(values), side, augmentation.augment, augmentation.random)
      : values;
    store.normalise(shown, data.subarray(index * stride, (index + 1) * stride));
  }
  return { data, side };
}

/** Augmentation works on bytes, whatever the resize. */
const bytesOf = (values: PixelValues): Uint8Array =>
  values instanceof Uint8Array ? values : new Uint8Array(Uint8ClampedArray.from(values).buffer);
