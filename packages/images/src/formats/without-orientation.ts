import type { PictureFormat } from './picture-format.js';

/**
 * A copy of a file without its EXIF record, which holds the orientation: browsers turn a picture by it and cannot be
 * told not to. (JPEG: the APP1 segment of the EXIF standard, section 4.7.2; PNG: the chunk eXIf; WebP: the chunk EXIF.)
 */
export function withoutOrientation(bytes: Uint8Array, format: PictureFormat): Uint8Array<ArrayBuffer> {
  const cuts = { JPEG: jpegCuts, PNG: pngCuts, WebP: webpCuts, GIF: none, BMP: none }[format](bytes);
  const kept = new Uint8Array(bytes.length - cuts.reduce((sum, [start, end]) => sum + end - start, 0));
  let from = 0;
  let to = 0;
  for (const [start, end] of [...cuts, [bytes.length, bytes.length] as const]) {
    kept.set(bytes.subarray(from, start), to);
    to += start - from;
    from = end;
  }
  if (format === 'WebP' && cuts.length > 0) describeWebp(kept);
  return kept;
}

/** Start and end of what is left out. */
type Cut = readonly [start: number, end: number];

const none = (): Cut[] => [];
const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function jpegCuts(bytes: Uint8Array): Cut[] {
  const cuts: Cut[] = [];
  // Segments up to the start of the scan: a marker, and a length that counts itself.
  for (let at = 2; at + 8 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const end = at + 2 + viewOf(bytes).getUint16(at + 2);
    if (end > bytes.length) break;
    if (bytes[at + 1] === 0xe1 && textAt(bytes, at + 4) === 'Exif') cuts.push([at, end]);
    at = end;
  }
  return cuts;
}

function pngCuts(bytes: Uint8Array): Cut[] {
  const cuts: Cut[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + viewOf(bytes).getUint32(at);
    if (end > bytes.length) break;
    if (textAt(bytes, at + 4) === 'eXIf') cuts.push([at, end]);
    at = end;
  }
  return cuts;
}

function webpCuts(bytes: Uint8Array): Cut[] {
  const cuts: Cut[] = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = viewOf(bytes).getUint32(at + 4, true);
    const end = at + 8 + size + (size & 1);
    if (end > bytes.length) break;
    if (textAt(bytes, at) === 'EXIF') cuts.push([at, end]);
    at = end;
  }
  return cuts;
}

/** The size of the file, and the flag that says that there is an EXIF record. */
function describeWebp(bytes: Uint8Array): void {
  viewOf(bytes).setUint32(4, bytes.length - 8, true);
  if (textAt(bytes, 12) === 'VP8X') bytes[20]! &= ~0x08;
}
