import type { CaptionScores } from '@eim/benchmarks';
import type { BaselineScores } from '@eim/report';
import type { Decoding } from './decoding.js';
import type { AnsweredRowScores } from './score-answered-rows.js';

/** `evaluation-<split>.json` of a run. */
export interface EvaluationRecord {
  readonly split: string;
  readonly images: number;
  /** For captions COCO's metrics; for other rows accuracy, exact match and the loss of their answers. */
  readonly scores: Partial<CaptionScores> &
    AnsweredRowScores & { readonly SPICE?: number; readonly loss?: number; readonly perplexity?: number };
  /** Whether every reference counted, or each distinct one of a picture only once. */
  readonly references?: 'all' | 'distinct';
  /** Why a metric is not among the scores. */
  readonly absent?: Readonly<Record<string, string>>;
  readonly notes?: readonly string[];
  /** What can be had without the model, where it was asked for. */
  readonly baselines?: readonly BaselineScores[];
  readonly decoding: Pick<Decoding, 'beams'> & Partial<Decoding> & { readonly maxNewTokens: number };
  readonly seconds: number;
  /** COCO results format, so that any other scorer can read them. */
  readonly captions: readonly { readonly image_id: string; readonly caption: string }[];
}
