import type { RawPicture } from '@eim/contracts';
import { pictureFault } from './picture-fault.js';

const FILE_HEADER_BYTES = 14;
const UNCOMPRESSED = 0;
/** More than any camera makes; protects against headers that lie. */
const MOST_PIXELS = 2 ** 28;

/**
 * Uncompressed Windows bitmaps of 8 (by palette), 24 and 32 bits, whose fourth byte is left out.
 * @throws EimError `invalid-file`
 */
export function decodeBmp(bytes: Uint8Array, source: string): RawPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER_BYTES + 40) throw pictureFault(source, 'its BMP header is cut off');
  const pixelStart = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const height = Math.abs(signedHeight); // negative: the first row comes first
  if (headerBytes < 40) throw pictureFault(source, 'its BMP header is of a kind older than Windows 3');
  if (compression !== UNCOMPRESSED)
    throw pictureFault(source, `it is a compressed BMP (kind ${compression})`);
  if (bits !== 8 && bits !== 24 && bits !== 32)
    throw pictureFault(source, `it is a BMP of ${bits} bits a pixel`);
  if (width <= 0 || height === 0 || width * height > MOST_PIXELS) {
    throw pictureFault(source, `its BMP header claims ${width} x ${height} pixels`);
  }
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (pixelStart + rowBytes * height > bytes.length) throw pictureFault(source, 'it is cut off');

  const paletteStart = FILE_HEADER_BYTES + headerBytes;
  const paletteEntries = Math.min(256, Math.floor((pixelStart - paletteStart) / 4));
  const pixelBytes = bits / 8;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    let from = pixelStart + rowBytes * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x++, from += pixelBytes) {
      let at = from;
      if (bits === 8) {
        if (bytes[from]! >= paletteEntries)
          throw pictureFault(source, `it uses colour ${bytes[from]} of a palette of ${paletteEntries}`);
        at = paletteStart + bytes[from]! * 4;
      }
      data[to++] = bytes[at + 2]!; // stored blue, green, red
      data[to++] = bytes[at + 1]!;
      data[to++] = bytes[at]!;
    }
  }
  return { width, height, data };
}
