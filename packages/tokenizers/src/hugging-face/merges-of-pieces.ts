import type { Piece } from '../sentencepiece/piece-vocabulary.js';

/**
 * Pairs of pieces that make a piece, those of the best score first; of one piece by the ids of its halves (transformers,
 * `convert_slow_tokenizer.py`, `generate_merges`).
 */
export function mergesOfPieces(pieces: readonly Piece[]): [string, string][] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const merges: { readonly pair: [string, string]; readonly score: number }[] = [];
  for (const { text, score, kind } of pieces) {
    if (kind !== 'normal') continue;
    const characters = Array.from(text);
    const pairs: [string, string][] = [];
    for (let at = 1; at < characters.length; at++) {
      const pair: [string, string] = [characters.slice(0, at).join(''), characters.slice(at).join('')];
      if (pair.every((half) => ids.has(half))) pairs.push(pair);
    }
    pairs.sort(([a, b], [c, d]) => ids.get(a)! - ids.get(c)! || ids.get(b)! - ids.get(d)!);
    merges.push(...pairs.map((pair) => ({ pair, score })));
  }
  return merges.sort((a, b) => b.score - a.score).map(({ pair }) => pair);
}
