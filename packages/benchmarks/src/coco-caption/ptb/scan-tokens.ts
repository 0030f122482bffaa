import { singleCharacterToken } from './characters.js';
import { addressRules, numberRules, symbolRules } from './other-rules.js';
import type { TokenRule } from './token-rule.js';
import { abbreviationRules, contractionRules, wordRules } from './word-rules.js';

/** The longest match wins; of equally long ones the first. */
const competingRules: readonly TokenRule[] = [
  ...abbreviationRules,
  ...wordRules,
  ...numberRules,
  ...addressRules,
  ...symbolRules,
];

/** A word and a space: most of every caption, and never the start of anything longer. */
const PLAIN_WORD = /[A-Za-z]+(?=[ \n])/y;
const MERGED_WORD = /^(?:cannot|gonna|gotta|wanna|gimme|lemme)$/i;
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029\v\f]/y;

/** Receives tokens in order. */
export interface TokenSink {
  token(text: string): void;
  lineBreak(): void;
}

/** Tokens of a text of several lines, in lower case as the official program's `-lowerCase` writes them. */
export function scanTokens(text: string, sink: TokenSink): void {
  let position = 0;
  while (position < text.length) {
    const character = text[position]!;
    if (character === ' ') {
      position++;
      continue;
    }
    const plain = matchAt(PLAIN_WORD, text, position);
    if (plain !== undefined && !MERGED_WORD.test(plain)) {
      sink.token(plain.toLowerCase());
      position += plain.length;
      continue;
    }
    const lineBreak = matchAt(LINE_BREAK, text, position);
    if (lineBreak !== undefined) {
      sink.lineBreak();
      position += lineBreak.length;
      continue;
    }
    position += scanOne(text, position, sink);
  }
}

/** @returns how many characters it took */
function scanOne(text: string, position: number, sink: TokenSink): number {
  const { matched, rule } = bestMatch(text, position);
  if (matched === '') {
    const token = singleCharacterToken(text[position]!);
    if (token !== undefined) sink.token(token);
    return 1;
  }
  const written = rule?.write?.(matched) ?? matched;
  for (const token of typeof written === 'string' ? [written] : written) {
    const clean = token.replaceAll('\u00ad', '').toLowerCase();
    if (clean !== '') sink.token(clean);
  }
  return matched.length;
}

function bestMatch(text: string, position: number): { matched: string; rule?: TokenRule } {
  for (const rule of contractionRules) {
    const matched = matchAt(rule.pattern, text, position);
    if (matched !== undefined) return { matched, rule };
  }
  let longest = 0;
  let best: { matched: string; rule?: TokenRule } = { matched: '' };
  for (const rule of competingRules) {
    const matched = matchAt(rule.pattern, text, position);
    if (matched === undefined) continue;
    const length = matched.length + (rule.context ?? 0);
    if (length > longest) {
      best = { matched, rule };
      longest = length;
    }
  }
  return best;
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
