import type { RawPicture } from '@eim/contracts';
import { decodeBmp } from '../formats/bmp/decode-bmp.js';
import { clearGifTransparency } from '../formats/clear-gif-transparency.js';
import type { DecodeOptions } from '../formats/decode-options.js';
import { MEDIA_TYPES } from '../formats/media-types.js';
import { pictureFault } from '../formats/picture-fault.js';
import { pictureFormat } from '../formats/picture-format.js';
import { withoutOrientation } from '../formats/without-orientation.js';
import { bitmapPixels } from './bitmap-pixels.js';

export type { DecodeOptions } from '../formats/decode-options.js';

/**
 * Decodes a JPEG, PNG, WebP, GIF (first frame) or BMP into RGB, in a page or a worker: alpha is left out, not
 * blended; colour profiles are ignored. The same function as in Node, with the browser's own decoders: pixels are the
 * file's for PNG of 8 bits, GIF and BMP; those of JPEG and lossy WebP are the browser's, whose inverse transforms may
 * round differently by a level; CMYK and PNG of 16 bits come as the browser converts them.
 * @param source names the picture in errors: a path or an address
 * @throws EimError `invalid-file` naming `source` and the reason
 */
export async function decodePicture(
  bytes: Uint8Array,
  source: string,
  options: DecodeOptions = {},
): Promise<RawPicture> {
  const format = pictureFormat(bytes);
  if (bytes.length === 0) throw pictureFault(source, 'the file is empty');
  if (!format) throw pictureFault(source, 'it is none of JPEG, PNG, WebP, GIF and BMP');
  if (format === 'BMP') return decodeBmp(bytes, source);
  const gif = format === 'GIF' ? clearGifTransparency(bytes) : undefined;
  const clean = gif?.bytes ?? bytes;
  const content = options.applyOrientation ? new Uint8Array(clean) : withoutOrientation(clean, format);
  const file = new Blob([content], { type: MEDIA_TYPES[format] });
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      imageOrientation: 'from-image',
    });
  } catch (cause) {
    throw pictureFault(source, `broken or cut-off ${format} (${String(cause)})`, cause);
  }
  try {
    const pixels = bitmapPixels(bitmap, source);
    return { width: bitmap.width, height: bitmap.height, data: withoutAlpha(pixels, gif?.background) };
  } finally {
    bitmap.close();
  }
}

/** @param background of what the first frame of a GIF leaves bare, where the browser gives no opacity */
function withoutAlpha(pixels: Uint8Array, background?: readonly [number, number, number]): Uint8Array {
  const colours = new Uint8Array((pixels.length / 4) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    const bare = background && pixels[from + 3] === 0;
    for (let channel = 0; channel < 3; channel++) {
      colours[to + channel] = bare ? background[channel]! : pixels[from + channel]!;
    }
  }
  return colours;
}
