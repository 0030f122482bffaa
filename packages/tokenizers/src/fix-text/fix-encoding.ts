import { decodeUtf8, decodeUtf8Variants } from './decode-utf8-variants.js';
import { isMojibake } from './is-mojibake.js';
import { encodeOneByte, ONE_BYTE_ENCODINGS, WINDOWS_1252_BY_BYTE } from './one-byte-encodings.js';
import { replaceLossySequences, restoreByteA0 } from './restore-bytes.js';
import { UTF8_LOOKALIKES } from './utf8-lookalikes.js';

const C1_CONTROLS = /[\x80-\x9f]/g;
/** Bytes that Windows-1252 leaves open. */
const OPEN_IN_1252 = /[\x81\x8d\x8f\x90\x9d]/;

/**
 * Repairs text that is UTF-8 read in another encoding, once or several times over. After ftfy 6.3.1,
 * ftfy/__init__.py, `fix_encoding` (Robyn Speer, Apache-2.0).
 */
export function fixEncoding(text: string): string {
  for (let before = text; ; ) {
    const after = fixOnce(before);
    if (after === before) return after;
    before = after;
  }
}

function fixOnce(text: string): string {
  if (!isMojibake(text)) return text; // nothing in ASCII is
  let fitsLatin1 = false;
  for (const encoding of ONE_BYTE_ENCODINGS) {
    const bytes = encodeOneByte(text, encoding);
    if (bytes === undefined) continue;
    if (encoding.name === 'latin-1') fitsLatin1 = true;
    // In MacRoman an en dash before a space would look like it.
    const restored = encoding.name === 'macroman' ? bytes : restoreByteA0(bytes);
    const whole = encoding.sloppy ? replaceLossySequences(restored) : restored;
    const decoded = /[\xed\xc0]/.test(whole) ? decodeUtf8Variants(whole) : decodeUtf8(whole);
    if (decoded !== undefined) return decoded;
  }
  const repaired = text.replace(UTF8_LOOKALIKES, (part) =>
    part.length < text.length && isMojibake(part) ? fixEncoding(part) : part,
  );
  if (repaired !== text) return repaired;
  if (fitsLatin1 && !OPEN_IN_1252.test(text)) {
    const asWindows = fixC1Controls(text);
    if (asWindows !== text) return asWindows;
  }
  return fixC1Controls(text);
}

/** C1 controls become what Windows-1252 has in their places, as web browsers read them. */
export function fixC1Controls(text: string): string {
  return text.replace(C1_CONTROLS, (control) => WINDOWS_1252_BY_BYTE.get(control) ?? control);
}
