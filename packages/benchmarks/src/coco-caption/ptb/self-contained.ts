import { ABBREVIATIONS } from './abbreviations.js';

const SPACE = 0x20;
const LINE_FEED = 0x0a;
const FULL_STOP = 0x2e;

/** By character code: 1 where no rule that begins there looks beyond the next space. */
const ALLOWED = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyz') {
  ALLOWED[character.charCodeAt(0)] = 1;
  ALLOWED[character.toUpperCase().charCodeAt(0)] = 1;
}
for (const mark of `'",;:!?-`) ALLOWED[mark.charCodeAt(0)] = 1;

/**
 * Where the characters from `start` on to the next space or line feed end, if their tokens depend on nothing else;
 * -1 if they may. Numbers, addresses, brackets and abbreviations join with what follows them; words, hyphens,
 * quotes and stops do not, nor does a full stop after a word that is no abbreviation.
 */
export function endOfSelfContained(text: string, start: number): number {
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === LINE_FEED) return at;
    if (code === FULL_STOP) return endsSentence(text, start, at) ? at + 1 : -1;
    // Also where the text ends: NaN is below nothing.
    if (!(code < 128) || ALLOWED[code] === 0) return -1;
  }
}

/**
 * Whether a full stop stands by itself: after a word of two letters at least, and before no other stop. After an
 * apostrophe a word may begin inside its letters: `'em` and `etc.` in `'emetc.`.
 */
function endsSentence(text: string, start: number, stop: number): boolean {
  const next = text.charCodeAt(stop + 1);
  if (next !== LINE_FEED && !(next === SPACE && text.charCodeAt(stop + 2) !== FULL_STOP)) return false;
  const before = text.slice(start, stop);
  if (before.includes("'")) return false;
  const word = /[A-Za-z]*$/.exec(before)![0];
  return word.length >= 2 && !ABBREVIATIONS.has(word.toLowerCase());
}
