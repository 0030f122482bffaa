import { dataUrlOf, rgbPng } from '../../../../tools/lib/rgb-png.mjs';

/** A red picture as the data: URL of a PNG file (RGB, 8 bits), which is small however many pixels it has. */
export function solidPng(width = 5, height = 4): string {
  const row = Buffer.alloc(1 + width * 3);
  for (let at = 1; at < row.length; at += 3) row[at] = 255;
  return dataUrlOf(rgbPng(width, height, Buffer.concat(new Array<Buffer>(height).fill(row))));
}
