import { pictureFault } from '../picture-fault.js';
import type { BmpHeader } from './bmp-header.js';

/** Writes red, green and blue of the pixel in a column of a row. @param row of its first byte in the file */
export type WritePixel = (row: number, column: number, data: Uint8Array, to: number) => void;

/** Masks of pixels of 16 bits; the first are those that a file has which names none. */
const FIVE_FIVE_FIVE = [0x7c00, 0x3e0, 0x1f];
const FIVE_SIX_FIVE = [0xf800, 0x7e0, 0x1f];

/**
 * How pixels of 16, 24 and 32 bits are read; parts of 5 and 6 bits are widened as Pillow widens them.
 * @throws EimError `invalid-file` for masks that name no whole bytes
 */
export function colourPixels(bytes: Uint8Array, { bits, masks }: BmpHeader, source: string): WritePixel {
  const same = (wanted: readonly number[]) => String(masks) === String(wanted);
  if (bits === 16 && (masks === undefined || same(FIVE_FIVE_FIVE) || same(FIVE_SIX_FIVE))) {
    const greenBits = same(FIVE_SIX_FIVE) ? 6 : 5;
    return sixteenBits(bytes, greenBits);
  }
  const size = bits / 8;
  const places = placesOf(masks, size);
  if (bits < 24 || places === undefined) {
    const named = masks?.map((mask) => mask.toString(16)).join(', ');
    throw pictureFault(source, `it is a BMP of ${bits} bits a pixel with the masks ${named}`);
  }
  return (row, column, data, to) => {
    const from = row + column * size;
    for (let channel = 0; channel < 3; channel++) data[to + channel] = bytes[from + places[channel]!]!;
  };
}

function sixteenBits(bytes: Uint8Array, greenBits: number): WritePixel {
  const greenMost = 2 ** greenBits - 1;
  return (row, column, data, to) => {
    const from = row + 2 * column;
    const pixel = bytes[from]! | (bytes[from + 1]! << 8);
    data[to] = Math.floor((((pixel >> (5 + greenBits)) & 31) * 255) / 31);
    data[to + 1] = Math.floor((((pixel >> 5) & greenMost) * 255) / greenMost);
    data[to + 2] = Math.floor(((pixel & 31) * 255) / 31);
  };
}

/** Bytes of red, green and blue inside a pixel; blue comes first where nothing else is said. */
function placesOf(masks: BmpHeader['masks'], size: number): number[] | undefined {
  if (masks === undefined || masks.every((mask) => mask === 0)) return [2, 1, 0];
  const places = masks.map((mask) => [0xff, 0xff00, 0xff0000, 0xff000000].indexOf(mask));
  return places.every((place) => place >= 0 && place < size) ? places : undefined;
}

/**
 * Colours by index, in threes. What a palette lacks is black, or grey where all that it has are the greys in order, as
 * in Pillow.
 */
export function readPalette(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { paletteStart, paletteEntries, paletteEntryBytes } = header;
  const colours = new Uint8Array(3 * 256);
  for (let index = 0; index < paletteEntries; index++) {
    const from = paletteStart + index * paletteEntryBytes;
    if (from + 3 > bytes.length) break;
    for (let channel = 0; channel < 3; channel++) colours[3 * index + channel] = bytes[from + 2 - channel]!;
  }
  const greys = Uint8Array.from(colours, (_, at) => Math.floor(at / 3));
  const stored = 3 * paletteEntries;
  return colours.subarray(0, stored).every((value, at) => value === greys[at]) ? greys : colours;
}

/** How palette indices of 1, 4 and 8 bits are read, the first in the highest bits. */
export function palettePixels(
  bytes: Uint8Array,
  { bits, packing, width }: BmpHeader,
  palette: Uint8Array,
): WritePixel {
  const depth = packing === 'plain' ? bits : 8; // runs are unpacked already
  const perByte = 8 / depth;
  const most = 2 ** depth - 1;
  return (row, column, data, to) => {
    if (column >= width) return;
    const byte = bytes[row + Math.floor(column / perByte)]!;
    const index = (byte >> (8 - depth - depth * (column % perByte))) & most;
    for (let channel = 0; channel < 3; channel++) data[to + channel] = palette[3 * index + channel]!;
  };
}
