const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Java's zero, and surrogates in three bytes each (CESU-8). */
const SPECIAL = /\xc0(?:\x80|(?=\n?$))|\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/g;

/**
 * UTF-8, also CESU-8 and Java's modified UTF-8, from a string of bytes; undefined where it is neither.
 * After ftfy 6.3.1, ftfy/bad_codecs/utf8_variants.py (Robyn Speer, Apache-2.0), with its reading of a last
 * 0xC0 before a line break as zero.
 */
export function decodeUtf8Variants(bytes: string): string | undefined {
  let text = '';
  let at = 0;
  for (const { 0: match, index } of bytes.matchAll(SPECIAL)) {
    const plain = decodeUtf8(bytes.slice(at, index));
    if (plain === undefined || (match === '\xc0' && index === bytes.length - 1)) return undefined;
    text += plain;
    if (match.startsWith('\xc0')) {
      text += '\0';
      at = index + 2;
    } else {
      text += String.fromCodePoint(surrogatesInSix(match));
      at = index + 6;
    }
  }
  const rest = decodeUtf8(bytes.slice(at));
  return rest === undefined ? undefined : text + rest;
}

/** UTF-8 from a string of bytes, undefined where it is none. */
export function decodeUtf8(bytes: string): string | undefined {
  try {
    return strict.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function surrogatesInSix(bytes: string): number {
  const bits = (at: number, mask: number) => bytes.charCodeAt(at) & mask;
  return (bits(1, 0x0f) << 16) + (bits(2, 0x3f) << 10) + (bits(4, 0x0f) << 6) + bits(5, 0x3f) + 0x10000;
}
