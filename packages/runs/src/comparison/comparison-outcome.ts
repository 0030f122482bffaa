import type { CaptionScores } from '@eim/benchmarks';
import type { BaselineScores, Comparison, ReportRun } from '@eim/report';

/** What a comparison of two runs came to; `comparison.json`. */
export interface ComparisonOutcome {
  /** Path of the report. */
  readonly report: string;
  readonly split: string;
  readonly pictures: number;
  readonly runs: readonly Omit<ReportRun<CaptionScores>, 'losses'>[];
  /** Whether all references counted, or each distinct one of a picture once. */
  readonly references: 'all' | 'distinct';
  readonly baselines: readonly BaselineScores[];
  readonly comparisons: readonly Comparison[];
  /** Compute of the first run by that of the second. */
  readonly computeRatio: number;
  readonly findings: readonly string[];
  /** Of everything that the command did. */
  readonly seconds: number;
}
