import { BYTE_SYMBOLS } from '../byte-alphabet.js';
import { tokenizerFault } from '../published/tokenizer-fault.js';

const LINE = /^([A-Za-z0-9+/]+={0,2}) (\d{1,8})$/;

/** Whether a file begins as a table of ranks does; SentencePiece's begins with a line feed. */
export const isTiktokenText = (text: string): boolean =>
  LINE.test(text.slice(0, 200).split(/\r?\n/, 1)[0] ?? '');

/**
 * Reads the ranks of byte strings as OpenAI's tiktoken stores them (tiktoken/load.py): a line of base64 and a rank for
 * each. @returns ranks by the strings in byte symbols, in the order of the ranks
 * @param file for messages
 * @throws EimError `invalid-file` naming the line
 */
export function readTiktokenRanks(text: string, file: string): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const [, base64, rank] = LINE.exec(line) ?? [];
    if (base64 === undefined) throw tokenizerFault(file, `line ${index + 1} is not base64 and a rank`);
    const symbols = symbolsOfBase64(base64);
    if (ranks.has(symbols)) throw tokenizerFault(file, `line ${index + 1} has a token that came before`);
    if (Number(rank) !== ranks.size) {
      throw tokenizerFault(file, `line ${index + 1} has the rank ${rank} and should have ${ranks.size}`);
    }
    ranks.set(symbols, ranks.size);
  }
  const missing = BYTE_SYMBOLS.findIndex((symbol) => !ranks.has(symbol));
  if (missing >= 0) throw tokenizerFault(file, `it has no token for the byte ${missing}`);
  return ranks;
}

function symbolsOfBase64(base64: string): string {
  let symbols = '';
  for (const character of atob(base64)) symbols += BYTE_SYMBOLS[character.charCodeAt(0)];
  return symbols;
}

/**
 * The pairs that merge, in order: a string of more than one byte comes of every two of its parts that are tokens, as
 * transformers' `TikTokenConverter` lists them.
 */
export function mergesOfRanks(ranks: ReadonlyMap<string, number>): [string, string][] {
  return [...ranks.keys()].flatMap((token) => {
    const splits: [string, string][] = [];
    for (let at = 1; at < token.length; at++) {
      const [left, right] = [token.slice(0, at), token.slice(at)];
      if (ranks.has(left) && ranks.has(right)) splits.push([left, right]);
    }
    const rankOf = (part: string) => ranks.get(part)!;
    return splits.sort((a, b) => rankOf(a[0]) - rankOf(b[0]) || rankOf(a[1]) - rankOf(b[1]));
  });
}
