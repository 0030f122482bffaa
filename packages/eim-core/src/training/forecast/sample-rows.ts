import type { Row } from '@eim/contracts';
import { spread } from '../data/spread.js';
import { lengthFor, type TokenisedRows } from '../data/tokenised-rows.js';

/**
 * Rows of a split whose batches cost what most batches of the split cost: of the length that most rows have, spread over the split, the
 * longest among them, as rows without prompts are padded to it.
 * @param count how many, where the split has them
 */
export function sampleRows(rows: readonly Row[], texts: TokenisedRows, count: number): readonly Row[] {
  const byLength = new Map<number, number[]>();
  texts.rows.forEach((answers, row) => {
    const { length } = lengthFor(texts, answers);
    const known = byLength.get(length);
    if (known) known.push(row);
    else byLength.set(length, [row]);
  });
  const kinds = [...byLength.values()].sort((a, b) => b.length - a.length);
  const usual = kinds.find(({ length }) => length >= count) ?? rows.map((_, row) => row);
  const chosen = spread(usual, count);
  const tokens = (row: number) => Math.max(...texts.rows[row]!.map(({ ids }) => ids.length));
  const longest = usual.reduce((most, row) => (tokens(row) > tokens(most) ? row : most));
  return (chosen.includes(longest) ? chosen : [...chosen.slice(0, -1), longest]).map((row) => rows[row]!);
}
