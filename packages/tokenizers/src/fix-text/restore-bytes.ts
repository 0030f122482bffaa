/**
 * Bytes of UTF-8 that were changed on the way. After ftfy 6.3.1, ftfy/fixes.py and ftfy/chardata.py (Robyn Speer,
 * Apache-2.0): `restore_byte_a0` and `replace_lossy_sequences`. Bytes are strings of U+0000 to U+00FF.
 */

/** "à" as a word of its own, but not the Portuguese words that begin with it. */
const A_GRAVE_WORD = /\xc3 (?! |quele|quela|quilo|s )/g;
/** UTF-8 but for a space in the place of 0xA0, where that makes likely characters. */
const SPACE_FOR_A0 = new RegExp(
  [
    '[\xc2\xc3\xc5\xce\xd0\xd9] ',
    '[\xe2\xe3] [\x80-\x84\x86-\x9f\xa1-\xbf]',
    '[\xe0-\xe3][\x80-\x84\x86-\x9f\xa1-\xbf] ',
    '\xf0 [\x80-\xbf][\x80-\xbf]',
    '\xf0[\x80-\xbf] [\x80-\xbf]',
    '\xf0[\x80-\xbf][\x80-\xbf] ',
  ].join('|'),
  'g',
);
/** UTF-8 and CESU-8 with bytes lost: 0x1A stands for them, and at most one question mark. */
const LOSSY = new RegExp(
  [
    '[\xc2-\xdf]\x1a',
    '[\xc2-\xc3][?]',
    '\xed[\xa0-\xaf][\x1a?]\xed[\xb0-\xbf][\x1a?\x80-\xbf]',
    '\xed[\xa0-\xaf][\x1a?\x80-\xbf]\xed[\xb0-\xbf][\x1a?]',
    '[\xe0-\xef][\x1a?][\x1a\x80-\xbf]',
    '[\xe0-\xef][\x1a\x80-\xbf][\x1a?]',
    '[\xf0-\xf4][\x1a?][\x1a\x80-\xbf][\x1a\x80-\xbf]',
    '[\xf0-\xf4][\x1a\x80-\xbf][\x1a?][\x1a\x80-\xbf]',
    '[\xf0-\xf4][\x1a\x80-\xbf][\x1a\x80-\xbf][\x1a?]',
    '\x1a',
  ].join('|'),
  'g',
);
/** U+FFFD in UTF-8. */
const REPLACEMENT = '\xef\xbf\xbd';

/** Puts 0xA0 back where a space took its place. */
export function restoreByteA0(bytes: string): string {
  // Whether any place looks altered is asked of the bytes as they came.
  if (bytes.search(SPACE_FOR_A0) < 0) return bytes;
  return bytes
    .replace(A_GRAVE_WORD, '\xc3\xa0 ')
    .replace(SPACE_FOR_A0, (altered) => altered.replaceAll(' ', '\xa0'));
}

/** Makes U+FFFD of each character that lost a byte. */
export function replaceLossySequences(bytes: string): string {
  return bytes.replace(LOSSY, REPLACEMENT);
}
