import type { NamedJson } from '../files/json-fields.js';
import { pairCaptions } from './pair-captions.js';
import { readCandidates } from './read-candidates.js';
import { readReferences } from './read-references.js';
import { type CaptionScores, scoreCaptions } from './score-captions.js';

export interface CocoCaptionRequest {
  readonly candidates: NamedJson;
  readonly references: NamedJson;
  /** The captions are tokenised already. @default false */
  readonly pretokenized?: boolean;
  /** Score the pictures that have a candidate; the references of others do not count. @default false */
  readonly subset?: boolean;
}

/** COCO's keys with what they were computed over. */
export interface CocoCaptionResult extends CaptionScores {
  /** Pictures scored. */
  readonly images: number;
  readonly candidates: number;
  readonly referencesPerImage: { readonly min: number; readonly mean: number; readonly max: number };
}

/**
 * The COCO Caption scores of a file of candidates against a file of references.
 * @throws EimError `invalid-data` for any fault of either file: never a score over fewer pictures
 */
export function scoreCocoCaption(request: CocoCaptionRequest): CocoCaptionResult {
  const { pretokenized = false, subset = false } = request;
  const candidates = readCandidates(request.candidates);
  const pictures = pairCaptions(candidates, readReferences(request.references), { subset });
  const { corpus } = scoreCaptions(pictures, { pretokenized });
  const counts = pictures.map(({ references }) => references.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    ...corpus,
    images: pictures.length,
    candidates: candidates.size,
    referencesPerImage: {
      min: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
      mean: total / counts.length,
      max: counts.reduce((most, count) => Math.max(most, count), 0),
    },
  };
}
