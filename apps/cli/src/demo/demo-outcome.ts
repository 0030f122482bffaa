import type { BaselineScores, Comparison, ReportRun } from '../report/report-data.js';

/** What a demo came to; `demo.json`. */
export interface DemoOutcome {
  /** Path of the report. */
  readonly report: string;
  readonly runs: readonly Omit<ReportRun, 'losses'>[];
  readonly baselines: readonly BaselineScores[];
  readonly comparisons: readonly Comparison[];
  /** Compute of plain by that of eim. */
  readonly computeRatio: number;
  readonly findings: readonly string[];
  readonly seconds: number;
}
