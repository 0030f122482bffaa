import { EimError, type RawPicture } from '@eim/contracts';
import type { Sharp } from 'sharp';
import { decodeBmp } from '../formats/bmp/decode-bmp.js';
import { checkPixels } from '../formats/check-pixels.js';
import { clearGifTransparency } from '../formats/clear-gif-transparency.js';
import type { DecodeOptions } from '../formats/decode-options.js';
import { pictureFault } from '../formats/picture-fault.js';
import { pictureFormat } from '../formats/picture-format.js';
import { loadSharp } from './load-sharp.js';

export type { DecodeOptions } from '../formats/decode-options.js';

export interface DecodeFileOptions extends DecodeOptions {
  /** A picture of more pixels, by what its header says, is refused before it is decoded. Absent: sharp's own limit, 268 million. */
  readonly maxPixels?: number | undefined;
}

/**
 * Decodes a JPEG, PNG, WebP, GIF (first frame) or BMP into RGB as Pillow's `convert('RGB')` does: alpha is left
 * out, not blended; colour profiles are ignored; of 16 bits the upper 8 are kept; CMYK is converted by formula.
 * @param source names the picture in errors: a path or an address
 * Needs the package sharp, but for BMP.
 * @throws EimError `invalid-file` naming `source` and the reason; `missing-package` where sharp is not installed
 */
export async function decodePicture(
  bytes: Uint8Array,
  source: string,
  { maxPixels, ...options }: DecodeFileOptions = {},
): Promise<RawPicture> {
  const format = pictureFormat(bytes);
  if (bytes.length === 0) throw pictureFault(source, 'the file is empty');
  if (!format) throw pictureFault(source, 'it is none of JPEG, PNG, WebP, GIF and BMP');
  if (format === 'BMP') return decodeBmp(bytes, source, maxPixels);
  const sharp = await loadSharp();
  const gif = format === 'GIF' ? clearGifTransparency(bytes) : undefined;
  try {
    const limit = maxPixels === undefined ? {} : { limitInputPixels: false }; // ours says what is wrong
    const pipeline = sharp(gif?.bytes ?? bytes, { failOn: 'error', ignoreIcc: true, ...limit });
    const { space, depth, channels, width, height } = await pipeline.metadata();
    checkPixels(width, height, maxPixels, source);
    if (options.applyOrientation) pipeline.autoOrient();
    if (space === 'cmyk') return await decodeInks(pipeline);
    if (gif) return await decodeOverBackground(pipeline, gif.background);
    const isDeepGrey = format === 'PNG' && depth === 'ushort' && channels === 1;
    return isDeepGrey ? await decodeDeepGrey(pipeline) : await decodeColours(pipeline);
  } catch (cause) {
    if (EimError.isInstance(cause)) throw cause;
    throw pictureFault(source, `broken or cut-off ${format} (${reasonOf(cause)})`, cause);
  }
}

async function decodeColours(pipeline: Sharp): Promise<RawPicture> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: threeChannels(data, info.channels) };
}

/** Grey of 16 bits, cut off at 255 as Pillow does it where there is no alpha. */
async function decodeDeepGrey(pipeline: Sharp): Promise<RawPicture> {
  const { data, info } = await pipeline
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const values = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  const grey = Uint8Array.from(values, (value) => Math.min(value, 255));
  return { width: info.width, height: info.height, data: threeChannels(grey, info.channels) };
}

/** Where a frame leaves the canvas bare, the decoder gives no opacity. */
async function decodeOverBackground(
  pipeline: Sharp,
  background: readonly [number, number, number],
): Promise<RawPicture> {
  const { data, info } = await pipeline
    .ensureAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const colours = new Uint8Array(info.width * info.height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const bare = data[from + 3] === 0;
    for (let channel = 0; channel < 3; channel++) {
      colours[to + channel] = bare ? background[channel]! : data[from + channel]!;
    }
  }
  return { width: info.width, height: info.height, data: colours };
}

async function decodeInks(pipeline: Sharp): Promise<RawPicture> {
  const { data, info } = await pipeline
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: cmykToRgb(data) };
}

/** Grey comes as one channel. */
function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const tripled = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) tripled.fill(data[i]!, i * 3, i * 3 + 3);
  return tripled;
}

/** The decoder's own words, on one line. */
function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().split('\n').join('; ');
}

/**
 * Pillow's `cmyk2rgb` (src/libImaging/Convert.c): no colour profile, `(255 - k) * (255 - ink) / 255` with its
 * rounding.
 * @param inks cyan, magenta, yellow, black, 4 bytes a pixel, 255 being full ink
 */
export function cmykToRgb(inks: Uint8Array): Uint8Array {
  const data = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const light = 255 - inks[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = inks[from + channel]! * light + 128;
      data[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return data;
}
