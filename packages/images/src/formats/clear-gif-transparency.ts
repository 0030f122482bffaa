const HEADER_BYTES = 13;
const [EXTENSION, IMAGE, GRAPHIC_CONTROL] = [0x21, 0x2c, 0xf9];

/** A GIF whose first frame hides nothing, and what Pillow fills the canvas around that frame with. */
export interface OpaqueGif {
  readonly bytes: Uint8Array;
  readonly background: readonly [red: number, green: number, blue: number];
}

/**
 * Takes the transparent index from the first frame, so that a decoder gives the palette's colour for it, as Pillow's
 * `convert('RGB')` does (GIF89a specification, sections 18 to 23).
 */
export function clearGifTransparency(file: Uint8Array): OpaqueGif {
  const bytes = file.slice();
  const globalColours = coloursOf(bytes, 10, HEADER_BYTES);
  let at = HEADER_BYTES + globalColours.length;
  let hidden = 0;
  while (at + 1 < bytes.length && bytes[at] === EXTENSION) {
    if (bytes[at + 1] === GRAPHIC_CONTROL && at + 6 < bytes.length) {
      if (bytes[at + 3]! & 1) hidden = bytes[at + 6]!;
      bytes[at + 3]! &= 0xfe;
    }
    at += 2;
    while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1;
    at++;
  }
  const own = bytes[at] === IMAGE ? coloursOf(bytes, at + 9, at + 10) : globalColours;
  const colours = own.length > 0 ? own : globalColours;
  const [red = 0, green = 0, blue = 0] = colours.subarray(3 * hidden);
  return { bytes, background: [red, green, blue] };
}

/** A colour table, empty where the flags at a byte say that there is none. */
function coloursOf(bytes: Uint8Array, flagsAt: number, start: number): Uint8Array {
  const flags = bytes[flagsAt] ?? 0;
  return (flags & 0x80) === 0 ? new Uint8Array(0) : bytes.subarray(start, start + 3 * 2 ** ((flags & 7) + 1));
}
