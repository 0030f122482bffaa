import type { PieceVocabulary } from './piece-vocabulary.js';

/**
 * The text in characters, with spaces replaced and the dummy prefix put before it (google/sentencepiece,
 * src/normalizer.cc, with the identity normalisation); user-defined pieces stay in one.
 */
export function prepareText(
  text: string,
  { space, dummyPrefix, removeExtraSpaces }: PieceVocabulary,
  userDefined: readonly string[],
): { text: string; frozen: boolean }[] {
  // Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
  let normalized = text.replace(/\p{Surrogate}/gu, '\ufffd');
  if (removeExtraSpaces) normalized = normalized.replace(/^ +/, '').replace(/ {2,}/g, ' ');
  if (normalized === '') return [];
  if (dummyPrefix) normalized = ` ${normalized}`;
  normalized = normalized.replaceAll(' ', space);
  if (removeExtraSpaces) normalized = normalized.slice(0, endWithoutSpaces(normalized, space));
  if (userDefined.length === 0)
    return Array.from(normalized, (character) => ({ text: character, frozen: false }));
  return splitAtPieces(normalized, userDefined);
}

function splitAtPieces(text: string, userDefined: readonly string[]): { text: string; frozen: boolean }[] {
  const longestFirst = userDefined.filter((piece) => piece !== '').sort((a, b) => b.length - a.length);
  const runs: { text: string; frozen: boolean }[] = [];
  for (let at = 0; at < text.length; ) {
    const piece = longestFirst.find((candidate) => text.startsWith(candidate, at));
    const run = piece ?? String.fromCodePoint(text.codePointAt(at)!);
    runs.push({ text: run, frozen: piece !== undefined });
    at += run.length;
  }
  return runs;
}

function endWithoutSpaces(text: string, space: string): number {
  let end = text.length;
  while (text[end - 1] === space) end--;
  return end;
}
