import type { BenchmarkScores } from '@eim/contracts';

/** Scores as rows of name and value; those of parts have the part's name before theirs. */
export function scoreRows(scores: BenchmarkScores, before = ''): [string, string][] {
  return Object.entries(scores).flatMap(([name, value]): [string, string][] => {
    const label = before === '' ? name : `${before} ${name}`;
    if (typeof value === 'object') return scoreRows(value, label);
    if (typeof value === 'string') return [[label, value]];
    return [[label, Number.isInteger(value) ? String(value) : value.toFixed(4)]];
  });
}
