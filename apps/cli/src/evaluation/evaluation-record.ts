import type { Scores } from '../report/report-data.js';

/** `evaluation-<split>.json` of a run. */
export interface EvaluationRecord {
  readonly split: string;
  readonly images: number;
  readonly scores: Scores;
  readonly decoding: { readonly beams: number; readonly maxNewTokens: number };
  readonly seconds: number;
  /** COCO results format, so that any other scorer can read them. */
  readonly captions: readonly { readonly image_id: string; readonly caption: string }[];
}
