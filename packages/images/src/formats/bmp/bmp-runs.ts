import type { BmpHeader } from './bmp-header.js';

/**
 * Palette indices of run-length encoding (Microsoft, "Bitmap compression"), rows one behind the other in the order of
 * the file. Pixels that are skipped have the index 0, as in Pillow. Undefined where pixels are missing at the end.
 */
export function readBmpRuns(
  bytes: Uint8Array,
  { pixelStart, width, height, packing }: BmpHeader,
): Uint8Array | undefined {
  const fourBits = packing === 'runs-4';
  const indices = new Uint8Array(width * height);
  let to = 0;
  let column = 0;
  const half = (byte: number, second: boolean) => (second ? byte & 15 : byte >> 4);
  for (let at = pixelStart; at + 1 < bytes.length && to < indices.length; ) {
    const count = bytes[at++]!;
    const value = bytes[at++]!;
    if (count > 0) {
      const fitting = Math.min(count, width - column);
      for (let i = 0; i < fitting; i++) indices[to++] = fourBits ? half(value, i % 2 === 1) : value;
      column += fitting;
    } else if (value === 0) {
      to = Math.ceil(to / width) * width;
      column = 0;
    } else if (value === 1) break;
    else if (value === 2) {
      to += bytes[at]! + bytes[at + 1]! * width;
      column = to % width;
      at += 2;
    } else {
      const length = Math.min(value, indices.length - to);
      for (let i = 0; i < length; i++) {
        indices[to++] = fourBits ? half(bytes[at + (i >> 1)]!, i % 2 === 1) : bytes[at + i]!;
      }
      at += fourBits ? (length + 1) >> 1 : length;
      at += at & 1; // literals end at an even byte
      column += value;
    }
  }
  return to < indices.length ? undefined : indices;
}
