import { NumberList } from './number-list.js';
import type { NumberedCaptions } from './numbered-captions.js';
import { scanTokens } from './ptb/scan-tokens.js';
import type { WordTable } from './word-table.js';

/** coco-caption's list. Brackets are missing from it in effect: they come out of the tokeniser in lower case. */
const PUNCTUATION: ReadonlySet<string> = new Set([
  "''",
  "'",
  '``',
  '`',
  '-LRB-',
  '-RRB-',
  '-LCB-',
  '-RCB-',
  '.',
  '?',
  '!',
  ',',
  ':',
  '-',
  '--',
  '...',
  ';',
]);

/**
 * Tokens of each line as Stanford's PTBTokenizer 3.4.1 writes them with `-preserveLines -lowerCase`. Lines
 * are read as one text, as by the program itself: whether an abbreviation ends a sentence may depend on how
 * the next line begins. A line break inside a caption counts as a space.
 */
export function tokeniseLines(lines: readonly string[]): string[][] {
  const tokens: string[][] = lines.map(() => []);
  const text = joinLines(lines);
  let line = 0;
  scanTokens(text, {
    word: (start, end) => tokens[line]!.push(text.slice(start, end).toLowerCase()),
    token: (token) => tokens[line]!.push(token),
    lineBreak: () => line++,
  });
  return tokens;
}

/** Captions ready for scoring: tokens joined by spaces, without what is on coco-caption's punctuation list. */
export function tokeniseCaptions(captions: readonly string[]): string[] {
  return tokeniseLines(captions).map((tokens) => tokens.filter((token) => !PUNCTUATION.has(token)).join(' '));
}

/** The same as numbers. A caption without a word is one empty word, as its text split at spaces would be. */
export function numberTokens(captions: readonly string[], table: WordTable): NumberedCaptions {
  const text = joinLines(captions);
  const words = new NumberList((text.length >> 2) + 1);
  const starts = new Int32Array(captions.length + 1);
  const punctuation = new Set(Array.from(PUNCTUATION, (mark) => table.number(mark)));
  const empty = table.number('');
  let line = 0;
  const endLine = () => {
    if (words.length === starts[line]) words.push(empty);
    starts[++line] = words.length;
  };
  scanTokens(text, {
    word: (start, end) => words.push(table.numberLetters(text, start, end)),
    token: (token) => {
      const number = table.number(token);
      if (!punctuation.has(number)) words.push(number);
    },
    lineBreak: endLine,
  });
  if (captions.length > 0) endLine();
  return { words: words.values(), starts };
}

function joinLines(lines: readonly string[]): string {
  return lines.map(inOneLine).join('\n');
}

const LINE_BREAK = /[\n\r\v\f\u2028\u2029]/;
const BEYOND_BASIC_PLANE = /[\ud800-\udbff]/;

function inOneLine(caption: string): string {
  let line = caption;
  if (LINE_BREAK.test(line)) line = line.replace(/[\n\r\v\f\u2028\u2029]/g, ' ');
  if (BEYOND_BASIC_PLANE.test(line)) line = line.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd');
  return line;
}
