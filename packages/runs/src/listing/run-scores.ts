import type { RunFiles } from './run-files.js';

/** Scores of a run on a split of its data, or on a benchmark. */
export interface ScoresOf {
  /** `test`, or the benchmark's name. */
  readonly of: string;
  readonly scores: Readonly<Record<string, number>>;
}

/** All that a run was scored on, as its folder says. */
export const runScores = ({ scores }: RunFiles): ScoresOf[] =>
  scores.map(({ of, scores: all }) => ({
    of,
    scores: Object.fromEntries(Object.entries(all).filter(([, score]) => typeof score === 'number')),
  }));
