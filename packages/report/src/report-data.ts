/** One value of the loss curve. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
  readonly segment: string;
  readonly objective: string;
  /** Training multiply-adds since the start of the plan. */
  readonly multiplyAdds: number;
}

/** COCO Caption scores by their official names, as fractions. A metric that was not computed is absent. */
export interface ReportScores {
  readonly Bleu_1?: number;
  readonly Bleu_2?: number;
  readonly Bleu_3?: number;
  readonly Bleu_4?: number;
  readonly METEOR?: number;
  readonly ROUGE_L?: number;
  readonly CIDEr?: number;
  readonly SPICE?: number;
}

/** What the gate of a segment measured, and whether the segment stayed. */
export interface ReportGate {
  readonly segment: string;
  readonly metric: string;
  readonly split: string;
  /** Whether a greater value is better (`max`) or a smaller one. */
  readonly direction: 'max' | 'min';
  readonly tolerance: number;
  /** How the metric changed picture by picture, where the gate went by that: a gain has to be above its standard error. */
  readonly paired?: { readonly gain: number; readonly standardError: number; readonly count: number };
  /** How much of what the segment learnt stayed, where the gate measured several shares of it. */
  readonly share?: number;
  readonly before: number;
  readonly after: number;
  readonly kept: boolean;
}

/** Numbers of parameters of one part: in the model in use, learning in each segment, and existing during training alone. */
export interface ReportPartLedger {
  readonly inference: number;
  readonly trainable: Readonly<Record<string, number>>;
  readonly trainOnly: number;
}

/** Numbers of parameters by part. */
export interface ReportLedger {
  readonly parts: Readonly<Record<'encoder' | 'st' | 'llm', ReportPartLedger>>;
  /** Inference parameters of all parts. */
  readonly total: number;
}

/** One trained model. */
export interface ReportRun<Scores extends ReportScores = ReportScores> {
  /** `plain`, `eim`, or the name of the run. */
  readonly name: string;
  readonly scores?: Scores;
  readonly losses: readonly LossPoint[];
  readonly gates: readonly ReportGate[];
  readonly ledger: ReportLedger;
  readonly steps: number;
  /** Of training, gates included. */
  readonly multiplyAdds: number;
  readonly seconds: number;
}

/** A line in the table of scores that comes from no trained model. */
export interface BaselineScores {
  readonly name: string;
  readonly explanation: string;
  readonly scores: ReportScores;
}

export interface ReportPicture {
  readonly id: string;
  /** `data:image/png;base64,...`, as `pictureDataUri` makes it. */
  readonly dataUri: string;
  readonly references: readonly string[];
  /** Captions by the name of their run. */
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
  /** Probability of such a lead if `better` were no better. */
  readonly oneSidedPValue: number;
}

/** Everything that a report shows. */
export interface ReportData {
  readonly title: string;
  readonly subtitle: string;
  /** Sentences that state the results. */
  readonly findings: readonly string[];
  readonly runs: readonly ReportRun[];
  readonly baselines: readonly BaselineScores[];
  readonly comparisons: readonly Comparison[];
  readonly pictures: readonly ReportPicture[];
  /** Name and value: engine, threads, versions, data, seed. */
  readonly environment: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
  /** Program and version that wrote it, for the foot of the page: `eim 0.1.0`. */
  readonly writtenBy: string;
}
