import { singleCharacterToken } from './characters.js';
import { addressRules, numberRules, symbolRules } from './other-rules.js';
import { endOfSelfContained } from './self-contained.js';
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

const MERGED_WORD = /^(?:cannot|gonna|gotta|wanna|gimme|lemme)$/i;
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029\v\f]/y;
const BEYOND_LATIN = /[\u0100-\uffff]/;
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** Receives tokens in order. */
export interface TokenSink {
  /** ASCII letters of the text, in any case; the token is the same in lower case. */
  word(start: number, end: number): void;
  token(text: string): void;
  lineBreak(): void;
}

/** Tokens of a text of several lines, in lower case as the official program's `-lowerCase` writes them. */
export function scanTokens(text: string, sink: TokenSink): void {
  const known = new Map<string, readonly string[]>();
  const isLatin = !BEYOND_LATIN.test(text);
  let position = 0;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === SPACE) {
      position++;
      continue;
    }
    if (code === LINE_FEED) {
      sink.lineBreak();
      position++;
      continue;
    }
    const wordEnd = endOfPlainWord(text, position);
    if (wordEnd > 0) {
      sink.word(position, wordEnd);
      position = wordEnd;
      continue;
    }
    const chunkEnd = endOfSelfContained(text, position);
    if (chunkEnd > 0) {
      const chunk = text.slice(position, chunkEnd);
      let tokens = known.get(chunk);
      if (tokens === undefined) {
        tokens = tokensOf(chunk);
        known.set(chunk, tokens);
      }
      for (const token of tokens) sink.token(token);
      position = chunkEnd;
      continue;
    }
    position = scanByRules(text, position, sink, isLatin);
  }
}

/** Tokens by the rules alone, without the short ways of `scanTokens`. */
export function scanTokensByRules(text: string, sink: Omit<TokenSink, 'word'>): void {
  const isLatin = !BEYOND_LATIN.test(text);
  let position = 0;
  while (position < text.length) position = scanByRules(text, position, sink, isLatin);
}

/** A word, or several with hyphens between, and the stop after it. */
const WORD_AND_STOP = /^([A-Za-z]+(?:-[A-Za-z]+)*)([.,]?)$/;

/** @param chunk as `endOfSelfContained` finds it */
function tokensOf(chunk: string): readonly string[] {
  const plain = WORD_AND_STOP.exec(chunk);
  if (plain && !MERGED_WORD.test(plain[1]!)) {
    return plain[2] === '' ? [plain[1]!.toLowerCase()] : [plain[1]!.toLowerCase(), plain[2]!];
  }
  const tokens: string[] = [];
  // A chunk is followed by a space or a line break.
  scanTokensByRules(`${chunk}\n`, { token: (token) => tokens.push(token), lineBreak: () => undefined });
  return tokens;
}

/**
 * Where a word of ASCII letters before a space or line feed ends; -1 where there is none. It is never the start of
 * anything longer: most of every caption.
 */
function endOfPlainWord(text: string, start: number): number {
  let end = start;
  for (;;) {
    const code = text.charCodeAt(end) | 0x20;
    if (!(code >= 0x61 && code <= 0x7a)) break;
    end++;
  }
  if (end === start) return -1;
  const next = text.charCodeAt(end);
  if (next !== SPACE && next !== LINE_FEED) return -1;
  const length = end - start;
  return (length === 5 || length === 6) && MERGED_WORD.test(text.slice(start, end)) ? -1 : end;
}

/** @returns where to go on */
function scanByRules(
  text: string,
  position: number,
  sink: Omit<TokenSink, 'word'>,
  isLatin: boolean,
): number {
  if (text.charCodeAt(position) === SPACE) return position + 1;
  const lineBreak = matchAt(LINE_BREAK, text, position);
  if (lineBreak !== undefined) {
    sink.lineBreak();
    return position + lineBreak.length;
  }
  return position + scanOne(text, position, sink, isLatin);
}

/** @returns how many characters it took */
function scanOne(text: string, position: number, sink: Pick<TokenSink, 'token'>, isLatin: boolean): number {
  const { matched, rule } = bestMatch(text, position, isLatin);
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

function bestMatch(text: string, position: number, isLatin: boolean): { matched: string; rule?: TokenRule } {
  for (const rule of contractionRules) {
    const matched = matchAt(isLatin ? rule.latinPattern : rule.pattern, text, position);
    if (matched !== undefined) return { matched, rule };
  }
  let longest = 0;
  let best: { matched: string; rule?: TokenRule } = { matched: '' };
  for (const rule of competingRules) {
    const matched = matchAt(isLatin ? rule.latinPattern : rule.pattern, text, position);
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
