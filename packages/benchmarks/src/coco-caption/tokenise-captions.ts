import { scanTokens } from './ptb/scan-tokens.js';

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
  let line = 0;
  scanTokens(lines.map(inOneLine).join('\n'), {
    token: (text) => tokens[line]!.push(text),
    lineBreak: () => line++,
  });
  return tokens;
}

/** Captions ready for scoring: tokens joined by spaces, without what is on coco-caption's punctuation list. */
export function tokeniseCaptions(captions: readonly string[]): string[] {
  return tokeniseLines(captions).map((tokens) => tokens.filter((token) => !PUNCTUATION.has(token)).join(' '));
}

function inOneLine(caption: string): string {
  return caption.replace(/[\n\r\v\f\u2028\u2029]/g, ' ').replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
