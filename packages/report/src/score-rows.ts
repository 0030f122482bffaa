import type { BenchmarkScores } from '@eim/contracts';

/**
 * Scores as rows of name and value, for a table; scores of a part begin with the part's name.
 * @param before the name of the part that the scores are of; empty for the whole
 */
export function scoreRows(scores: BenchmarkScores, before = ''): [string, string][] {
  return Object.entries(scores).flatMap(([name, value]): [string, string][] => {
    const label = before === '' ? name : `${before} ${name}`;
    if (typeof value === 'object') return scoreRows(value, label);
    if (typeof value === 'string') return [[label, value]];
    return [[label, Number.isInteger(value) ? String(value) : value.toFixed(4)]];
  });
}
