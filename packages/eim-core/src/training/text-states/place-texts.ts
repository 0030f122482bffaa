import type { RowTokens } from '../../rows/row-tokens.js';
import type { TokenisedRows } from '../data/tokenised-rows.js';

/** The row of every text of a split. */
export function placeTexts({ rows }: TokenisedRows): ReadonlyMap<RowTokens, number> {
  return new Map(rows.flatMap((answers, row) => answers.map((tokens) => [tokens, row] as const)));
}
