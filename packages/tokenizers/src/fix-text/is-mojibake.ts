import { CATEGORIES } from './mojibake-categories.js';
import { WHITE_SPACE } from './python-white-space.js';

const {
  common,
  c1,
  bad,
  law,
  currency,
  startPunctuation: start,
  endPunctuation: end,
  numeric,
  kaomoji,
  upperAccented: upper,
  lowerAccented: lower,
  upperCommon,
  lowerCommon,
  box,
} = CATEGORIES;

/** Python's `\w`. */
const WORD = '[\\p{L}\\p{N}_]';
const ARABIC_REST = `[${common}${currency}${bad}${numeric}${start}ŸŠ®°µ»]`;

/** Improbable neighbours, each alternative on its own. */
const IMPROBABLE: readonly string[] = [
  `[${c1}]`,
  `[${bad}${lower}${upper}${box}${start}${end}${currency}${numeric}${law}][${bad}]`,
  `[a-zA-Z][${lowerCommon}${upperCommon}][${bad}]`,
  `[${bad}][${lower}${upper}${box}${start}${end}${currency}${numeric}${law}]`,
  `[${lower}${lowerCommon}${box}${end}${currency}${numeric}][${upper}]`,
  `[${box}${end}${currency}${numeric}][${lower}]`,
  `[${lower}${box}${end}][${currency}]`,
  `[${WHITE_SPACE}][${upper}][${currency}]`,
  `[${upper}${box}][${numeric}${law}]`,
  `[${lower}${upper}${box}${currency}${end}][${start}][${numeric}]`,
  `[${lower}${upper}${currency}${numeric}${box}${law}][${end}][${start}]`,
  `[${currency}${numeric}${box}][${start}]`,
  `[a-z][${upper}][${start}${currency}]`,
  `[${box}][${kaomoji}]`,
  `[${lower}${upper}${currency}${numeric}${start}${end}${law}][${box}]`,
  `[${box}][${end}]`,
  `[${lower}${upper}][${start}${end}]${WORD}`,
  // A ligature before anything but an unaccented letter.
  '[Œœ][^A-Za-z]',
  // A degree sign after a capital letter.
  `[${upper}]°`,
  // Windows-1252 in two characters.
  `[ÂÃÎÐ][€œŠš¢£Ÿž\u00a0\u00ad®©°·»${start}${end}–—´]`,
  '×[²³]',
  // Windows-1252 of Arabic words: common characters count, so four are asked for.
  `[ØÙ]${ARABIC_REST}[ØÙ]${ARABIC_REST}`,
  // Windows-1252 of South Asian alphabets.
  'à[²µ¹¼½¾]',
  // MacRoman.
  '√[±∂†≠®™´≤≥¥µø]',
  '≈[°¢]',
  '‚Ä[ìîïòôúùû†°¢π]',
  '‚[âó][àä°ê]',
  // Windows-1251 of U+2000 to U+203F, of Latin-1 and of Cyrillic.
  'вЂ',
  `[ВГРС][${c1}${bad}${start}${end}${currency}°µ][ВГРС]`,
  'ГўВЂВ[^\\n][A-Za-z ]',
  // Windows-1252 of à, of á, and of a no-break space.
  'Ã[\u00a0¡]',
  `[a-z][${WHITE_SPACE}]?[ÃÂ] `,
  '^[ÃÂ] ',
  // Â before the character that it stands for.
  `[a-z.,?!${end}]Â[ ${start}${end}]`,
  // Windows-1253 of U+2000 to U+203F, of Latin-1 and of Greek.
  'β€[™\u00a0Ά\u00ad®°]',
  `[ΒΓΞΟ][${c1}${bad}${start}${end}${currency}°][ΒΓΞΟ]`,
  // Windows-1257.
  'ā€',
];
const MOJIBAKE = new RegExp(IMPROBABLE.join('|'), 'u');

/**
 * Whether a text looks like UTF-8 that was read in another encoding. After ftfy 6.3.1, ftfy/badness.py, `is_bad`
 * (Robyn Speer, Apache-2.0).
 */
export function isMojibake(text: string): boolean {
  return MOJIBAKE.test(text);
}
