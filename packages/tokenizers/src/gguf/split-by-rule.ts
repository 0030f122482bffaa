import type { PreTokenizerRule, SplitStep } from './pre-tokenizer-rules.js';

/** White space beyond ASCII; to the rules it is one sign that none of their sets names. */
const WIDE_WHITE_SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;

/**
 * Splits a text by the steps of a rule: each cuts the pieces of the one before it at the bounds of its matches, without
 * sight of what lies beyond a piece (llama.cpp, src/unicode.cpp, `unicode_regex_split`).
 * @returns pieces, none of them empty, which joined are the text
 */
export function splitByRule(text: string, rule: PreTokenizerRule): string[] {
  return rule.reduce<string[]>((pieces, step) => pieces.flatMap((piece) => cut(piece, step)), [text]);
}

function cut(text: string, step: SplitStep): readonly string[] {
  if (typeof step === 'function') return step(text);
  const pieces: string[] = [];
  let from = 0;
  const add = (to: number) => {
    if (to > from) pieces.push(text.slice(from, to));
    from = to;
  };
  for (const { 0: match, index } of text.replace(WIDE_WHITE_SPACE, '\v').matchAll(step)) {
    add(index);
    add(index + match.length);
  }
  add(text.length);
  return pieces;
}
