import {
  CLOSER_PATTERN,
  NUMBERING_PATTERN,
  SENTENCE_STARTER_PATTERN,
  TITLE_PATTERN,
} from './abbreviations.js';
import { ALPHANUMERIC as A, APOSTROPHE, BLANK, DIGIT as D, HYPHEN, LETTER as L } from './characters.js';
import { rule, type TokenRule, withLookahead } from './token-rule.js';

const SMART = '(?:[\\u2019\\u0092]|&apos;)';
const QUOTE = "['\\u2019\\u0092]";
/** Inside a word an opening quote will do as well. */
const INNER_QUOTE = "['\\u2018\\u2019\\u0091\\u0092]";
const asApostrophe = (text: string) => text.replace(/&apos;|\u2019|\u0092/gi, "'");
const doublePeriod = (text: string) => [text, '.'];
const splitAfterThree = (text: string) => [text.slice(0, 3), text.slice(3)];
const SENTENCE_START = `\\s+(?:(?:${SENTENCE_STARTER_PATTERN})\\s|[Mm][RrSs]\\.)`;
const CONNECTED = `${A}+(?:_${A}+)*`;
/** `d'oeuvre`, `o'lantern`. */
const ELIDED = `(?:[dlnoA-HJ-XZ]${INNER_QUOTE}${L}{2,}|[oO]${QUOTE}[oO])(?:_${A}+)*`;
const HYPHENATED = `(?:(?:${ELIDED}|${CONNECTED})(?:${HYPHEN}(?:${ELIDED}|${CONNECTED}))+|[A-Za-z0-9][A-Za-z0-9.,]*(?:-[A-Za-z0-9]+)+)`;
const DOTTED = `${L}${A}*(?:[.!?]${L}${A}*)+`;
const AMPERSAND = '[A-Z]+(?:(?:&amp;|[+&])[A-Z]+)+';
const SLASHED = '[A-Za-z0-9]+(?:-[A-Za-z]+)*';
const ACRONYM = '(?:[A-Za-z]\\.){2,}';

/** Decides before any other rule: the start of a contraction may be shorter than its word. */
export const contractionRules: readonly TokenRule[] = [
  rule(`${L}+(?=n(?:${APOSTROPHE}|[\`\\u2018])t)`, undefined, 'i'),
  rule(`n(?:${APOSTROPHE}|[\`\\u2018])t(?!${A})`, (text) => asApostrophe(text).replace('\u2018', '`'), 'i'),
];

export const wordRules: readonly TokenRule[] = [
  rule(
    `(?:cannot|gonna|gotta|wanna|gimme|lemme)(?!${A})(?!${APOSTROPHE}(?:[msd]|re|ve|ll)(?!${L}))`,
    splitAfterThree,
    'i',
  ),
  rule(`'(?:[msd]|re|ve|ll)(?!${L})|${SMART}(?:[msd]|re|ve|ll)`, asApostrophe, 'i'),
  rule(`'t(?=is|was)`, undefined, 'i'),
  rule(`${QUOTE}(?:em|til|cause)`, undefined, 'i'),
  rule(`${QUOTE}n${QUOTE}|'n(?=\\s|$)|[\\u2019\\u0092]n`, undefined, 'i'),
  rule(`[ldj]${QUOTE}|ol${QUOTE}|y${QUOTE}(?=${L})`, undefined, 'i'),
  rule(`${ELIDED}`),
  rule(`c${QUOTE}(?:mon|est)|cap${QUOTE}n|ev${QUOTE}ry|e${QUOTE}er|d${QUOTE}ye`, undefined, 'i'),
  rule(`(?:dunkin|somethin)${QUOTE}`, undefined, 'i'),
  rule(`${L}{2,}(?<=[aeiouy])${INNER_QUOTE}[aeiou]${L}*`, undefined, 'i'),
  rule(CONNECTED),
  rule(`(?:${A}|&[aeiou](?:acute|grave|uml);)+`, undefined, 'i'),
  // Words joined by dots or marks without spaces: a web address, or a forgotten space.
  rule(DOTTED),
  rule(HYPHENATED),
  rule(`(?:${HYPHENATED}|[A-Za-z0-9][A-Za-z0-9.,]*|${ACRONYM})${HYPHEN}${ACRONYM}`),
  rule(`${SLASHED}/${SLASHED}(?:/${SLASHED})?`),
  rule(AMPERSAND, (text) => text.replaceAll('&amp;', '&')),
  // Before another stop, a period belongs to its word.
  rule(`(?:${ELIDED}|${CONNECTED}|${DOTTED}|${HYPHENATED}|${AMPERSAND})\\.(?=[,;:])`),
  rule(`${D}+\\.[xX](?!${A})`),
  rule('[Cc]\\+\\+|[CcFf]#'),
];

/** Words that keep their period. Of equally long ones the first. */
export const abbreviationRules: readonly TokenRule[] = [
  rule(`${ACRONYM}(?=${SENTENCE_START})`, doublePeriod),
  rule(ACRONYM),
  rule(`[A-Za-z]\\.(?!${SENTENCE_START})`),
  withLookahead(rule(`(?:${CLOSER_PATTERN})\\.(?=\\s+\\p{Lu}|\\s\\s)`, doublePeriod), 1),
  withLookahead(rule(`(?:${CLOSER_PATTERN})\\.`), 1),
  rule(`(?:${TITLE_PATTERN})\\.`),
  rule(`(?:${NUMBERING_PATTERN})\\.(?=${BLANK}*${D})`),
];
