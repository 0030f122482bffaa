import type { CaptionScores } from '@eim/benchmarks';
import type { BaselineScores, Comparison, ReportRun } from '@eim/report';

/** The outcome of comparing two runs; the contents of `comparison.json`. */
export interface ComparisonOutcome {
  /** Path of the report. */
  readonly report: string;
  readonly split: string;
  readonly pictures: number;
  readonly runs: readonly Omit<ReportRun<CaptionScores>, 'losses'>[];
  /** Whether every reference counted, or each distinct one of a picture only once. */
  readonly references: 'all' | 'distinct';
  readonly baselines: readonly BaselineScores[];
  readonly comparisons: readonly Comparison[];
  /** Compute of the first run divided by that of the second. */
  readonly computeRatio: number;
  readonly findings: readonly string[];
  /** Seconds that everything took. */
  readonly seconds: number;
}
