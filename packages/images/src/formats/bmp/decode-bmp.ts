import type { RawPicture } from '@eim/contracts';
import { checkPixels } from '../check-pixels.js';
import { pictureFault } from '../picture-fault.js';
import { readBmpHeader } from './bmp-header.js';
import { colourPixels, palettePixels, readPalette } from './bmp-pixels.js';
import { readBmpRuns } from './bmp-runs.js';

/**
 * Windows and OS/2 bitmaps of 1, 4, 8 (by palette, also run-length encoded), 16, 24 and 32 bits, whose alpha is left
 * out; what Pillow reads, to the same bytes.
 * @throws EimError `invalid-file`
 */
export function decodeBmp(bytes: Uint8Array, source: string, maxPixels?: number): RawPicture {
  const header = readBmpHeader(bytes, source);
  const { width, height, bits, packing, pixelStart, fromTop } = header;
  checkPixels(width, height, maxPixels, source);
  const packed = packing !== 'plain';
  const rows = packed ? readBmpRuns(bytes, header) : bytes;
  const start = packed ? 0 : pixelStart;
  const rowBytes = packed ? width : Math.ceil((width * bits) / 32) * 4;
  if (rows === undefined || start + rowBytes * height > rows.length)
    throw pictureFault(source, 'it is cut off');
  const write =
    bits <= 8 ? palettePixels(rows, header, readPalette(bytes, header)) : colourPixels(bytes, header, source);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    const row = start + rowBytes * (fromTop ? y : height - 1 - y);
    for (let x = 0; x < width; x++, to += 3) write(row, x, data, to);
  }
  return { width, height, data };
}
