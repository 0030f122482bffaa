import { decodeHTML, decodeHTMLStrict } from 'entities';

/** Python's `html._charref`. */
const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g;
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Python's `html.unescape`: HTML5's named references, with and without semicolon, and numbers, of which those
 * that stand for no character vanish.
 */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, reference: string) => {
    if (!reference.startsWith('#')) return decodeHTML(whole);
    const digits = reference.slice(1).replace(/;$/, '');
    return characterOf(
      /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10),
    );
  });
}

function characterOf(code: number): string {
  if (code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd';
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80]!;
  const isControl = code < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(code);
  const isNonCharacter = (code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
  return isControl || code === 0x7f || isNonCharacter ? '' : String.fromCodePoint(code);
}

/** With a semicolon, and short. */
const PLAIN_REFERENCE = /&#?[0-9A-Za-z]{1,24};/g;

/**
 * The unambiguous references alone, those with a semicolon, and names wrongly put into capitals (`&EACUTE;`).
 * After ftfy 6.3.1, ftfy/fixes.py, `unescape_html` (Robyn Speer, Apache-2.0).
 */
export function unescapePlainHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(PLAIN_REFERENCE, (reference) => {
    if (reference.startsWith('&#')) {
      const character = unescapeHtml(reference);
      return character.includes(';') ? reference : character;
    }
    return namedCharacter(reference) ?? capitalCharacter(reference) ?? reference;
  });
}

function namedCharacter(reference: string): string | undefined {
  const character = decodeHTMLStrict(reference);
  return character === reference ? undefined : character;
}

function capitalCharacter(reference: string): string | undefined {
  const small = reference.toLowerCase();
  if (reference !== reference.toUpperCase() || unescapeHtml(reference) !== reference) return undefined;
  return namedCharacter(small)?.toUpperCase();
}
