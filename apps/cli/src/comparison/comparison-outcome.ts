import type { BaselineScores, Comparison, ReportRun } from '../report/report-data.js';

/** What a comparison of two runs came to; `comparison.json`. */
export interface ComparisonOutcome {
  /** Path of the report. */
  readonly report: string;
  readonly split: string;
  readonly pictures: number;
  readonly runs: readonly Omit<ReportRun, 'losses'>[];
  readonly baselines: readonly BaselineScores[];
  readonly comparisons: readonly Comparison[];
  /** Compute of the first run by that of the second. */
  readonly computeRatio: number;
  readonly findings: readonly string[];
  /** Of everything that the command did. */
  readonly seconds: number;
}
