import { scoreCocoCaption } from '@eim/benchmarks';
import type { Scores } from '../report/report-data.js';

export interface ScoredCaptions {
  /** Bleu_1 .. Bleu_4, ROUGE_L, CIDEr, as fractions. */
  readonly scores: Scores;
  /** CIDEr of each picture, in the order given. */
  readonly ciderPerPicture: readonly number[];
}

export interface CandidateWithReferences {
  readonly id: string;
  readonly candidate: string;
  readonly references: readonly string[];
}

/** The official COCO Caption metrics of raw captions, or of tokenised ones. */
export function scoreCaptions(
  pictures: readonly CandidateWithReferences[],
  { pretokenized = false }: { readonly pretokenized?: boolean } = {},
): ScoredCaptions {
  return scoreCocoCaption(pictures, { pretokenized }) as never;
}
