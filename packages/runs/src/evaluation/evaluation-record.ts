import type { CaptionScores } from '@eim/benchmarks';
import type { Decoding } from './decoding.js';

/** `evaluation-<split>.json` of a run. */
export interface EvaluationRecord {
  readonly split: string;
  readonly images: number;
  readonly scores: CaptionScores & { readonly SPICE?: number };
  /** Whether all references counted, or each distinct one of a picture once. */
  readonly references?: 'all' | 'distinct';
  /** Why a metric is not among the scores. */
  readonly absent?: Readonly<Record<string, string>>;
  readonly notes?: readonly string[];
  readonly decoding: Pick<Decoding, 'beams'> & Partial<Decoding> & { readonly maxNewTokens: number };
  readonly seconds: number;
  /** COCO results format, so that any other scorer can read them. */
  readonly captions: readonly { readonly image_id: string; readonly caption: string }[];
}
