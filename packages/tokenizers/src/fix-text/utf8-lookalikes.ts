/**
 * What bytes of UTF-8 look like in the one-byte encodings that they are mistaken for, as contents of character
 * classes. After ftfy 6.3.1, ftfy/chardata.py, `UTF8_CLUES` (Robyn Speer, Apache-2.0).
 */
const CLUES = {
  /** First byte of two: 0xC2 to 0xDF. */
  firstOf2:
    'ĂÂÄĀÅÃÆĆČÇĎĐÉĚÊËĖÈĒĘÐĞĢÍÎÏİÌĪĶĹĻŁŃŇŅÑÓÔÖŐÒŌØÕŘŚŠŞŢÞÚÛÜŰÙŪŲŮÝŹŽŻß×ΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫάέήίВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
  /** First byte of three: 0xE0 to 0xEF. */
  firstOf3: 'áăâäàāąåãæćčçďéěêëėèēęęģíîïìīįķĺļŕźΰαβγδεζηθικλμνξοабвгдежзийклмноп',
  /** First byte of four: 0xF0 and 0xF3. */
  firstOf4: 'đðğóšπσру',
  /** Further byte, a space standing for 0xA0. */
  continuation:
    '\u0080-¿ ĄÆĽŁØŖŚŠŞŤŸŹŽŻŒąæƒľłøŗśšşťźžżœˆˇ˘˛˜˝΄΅ΆΈΉΊΌΎΏЁЂЃЄЅІЇЈЉЊЋЌЎЏёђѓєѕіїјљњћќўџҐґ–—―‘’‚“”„†‡•…‰‹›€№™',
  /** Further byte, without spaces, dashes, bullet, quotation marks and ellipsis. */
  strictContinuation:
    '\u0080-¿ĄÆĽŁØŖŚŠŞŤŸŹŽŻŒąæƒľłøŗśšşťźžżœˆˇ˘˛˜˝΄΅ΆΈΉΊΌΎΏЁЂЃЄЅІЇЈЉЊЋЌЎЏёђѓєѕіїјљњћќўџҐґ†‡‰‹›€№™',
} as const;

/**
 * Runs of what looks like UTF-8 read in another encoding, not inside a longer garble.
 * After ftfy 6.3.1, ftfy/chardata.py, `UTF8_DETECTOR_RE`.
 */
export const UTF8_LOOKALIKES = new RegExp(
  `(?<![${CLUES.strictContinuation}])(?:[${CLUES.firstOf2}][${CLUES.continuation}]|` +
    `[${CLUES.firstOf3}][${CLUES.continuation}]{2}|[${CLUES.firstOf4}][${CLUES.continuation}]{3})+`,
  'gu',
);
