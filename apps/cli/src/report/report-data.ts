import type { CaptionScores } from '@eim/benchmarks';
import type { GateVerdict, ParameterLedger } from '@eim/core';

/** One value of the loss curve. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
  readonly segment: string;
  readonly objective: string;
  /** Training multiply-adds since the start of the plan. */
  readonly multiplyAdds: number;
}

/** One trained model. */
export interface ReportRun {
  /** `plain`, `eim`, or the name of the run. */
  readonly name: string;
  readonly scores?: CaptionScores;
  readonly losses: readonly LossPoint[];
  readonly gates: readonly (GateVerdict & { readonly segment: string })[];
  readonly ledger: ParameterLedger;
  readonly steps: number;
  readonly multiplyAdds: number;
  readonly seconds: number;
}

/** A line of the table of scores that no model of ours wrote. */
export interface BaselineScores {
  readonly name: string;
  readonly explanation: string;
  readonly scores: Partial<CaptionScores>;
}

export interface ReportPicture {
  readonly id: string;
  /** `data:image/png;base64,...` */
  readonly dataUri: string;
  readonly references: readonly string[];
  /** By run name. */
  readonly captions: Readonly<Record<string, string>>;
}

/** One run against another on the same pictures, by paired bootstrap. */
export interface Comparison {
  readonly better: string;
  readonly than: string;
  readonly metric: string;
  readonly difference: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Chance of such a lead, were `better` no better. */
  readonly oneSidedPValue: number;
}

/** Everything that a report shows. */
export interface ReportData {
  readonly title: string;
  readonly subtitle: string;
  /** Sentences that say what came out. */
  readonly findings: readonly string[];
  readonly runs: readonly ReportRun[];
  readonly baselines: readonly BaselineScores[];
  readonly comparisons: readonly Comparison[];
  readonly pictures: readonly ReportPicture[];
  /** Name and value: engine, threads, versions, data, seed. */
  readonly environment: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
}
