import type { NamedJson } from '../files/json-fields.js';
import { CaptionSet } from './caption-set.js';
import type { Meteor } from './meteor/meteor.js';
import { type PairedPicture, pairCaptions } from './pair-captions.js';
import type { TokenisedPicture } from './picture-scores.js';
import { readCandidates } from './read-candidates.js';
import { readReferences } from './read-references.js';
import { type CaptionScores, scoreCaptionSet } from './score-captions.js';

export interface CocoCaptionRequest {
  readonly candidates: NamedJson;
  readonly references: NamedJson;
  /** The captions are tokenised already. @default false */
  readonly pretokenized?: boolean;
  /** Score the pictures that have a candidate; the references of others do not count. @default false */
  readonly subset?: boolean;
  /** Score the pictures of this split of Karpathy's json alone. */
  readonly split?: string;
}

/** A picture of a file, its captions split into words. */
export interface CocoCaptionPicture extends TokenisedPicture {
  readonly id: string;
}

/** COCO's keys with what they were computed over. */
export interface CocoCaptionResult extends CaptionScores {
  /** Pictures scored. */
  readonly images: number;
  readonly candidates: number;
  readonly referencesPerImage: { readonly min: number; readonly mean: number; readonly max: number };
}

/** The pictures of two files, their captions as numbers of words. */
export interface CocoCaptions {
  /** Captions as they were written. */
  readonly pictures: readonly PairedPicture[];
  /** The same in numbers, in the same order. */
  readonly captions: CaptionSet;
}

/**
 * The pictures of a file of candidates and a file of references, tokenised.
 * @throws EimError `invalid-data` for any fault of either file: never fewer pictures than there are
 */
export function readCocoCaption(request: CocoCaptionRequest): CocoCaptions {
  const { pretokenized = false, subset = false, split } = request;
  const candidates = readCandidates(request.candidates);
  const only = subset ? candidates : undefined;
  const references = readReferences(request.references, { ...(split !== undefined && { split }), only });
  const pictures = pairCaptions(candidates, references, { subset });
  return {
    pictures,
    captions: pretokenized ? CaptionSet.ofTokenised(pictures) : CaptionSet.ofRaw(pictures),
  };
}

/** The same as texts, for programs that read texts. */
export function cocoPictures({ pictures, captions }: CocoCaptions): CocoCaptionPicture[] {
  return captions.pictures().map((picture, index) => ({ ...picture, id: pictures[index]!.id }));
}

/**
 * The COCO Caption scores of a file of candidates against a file of references.
 * @throws EimError `invalid-data` for any fault of either file: never a score over fewer pictures
 */
export function scoreCocoCaption(request: CocoCaptionRequest): CocoCaptionResult {
  return scoreCocoCaptions(readCocoCaption(request).captions);
}

/** The same of captions that have been read. */
export function scoreCocoCaptions(
  captions: CaptionSet,
  options: { readonly meteor?: Meteor } = {},
): CocoCaptionResult {
  const { corpus } = scoreCaptionSet(captions, options);
  const { referenceStarts, size } = captions;
  const counts = Array.from(
    { length: size },
    (_, index) => referenceStarts[index + 1]! - referenceStarts[index]!,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    ...corpus,
    images: size,
    candidates: size,
    referencesPerImage: {
      min: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
      mean: total / counts.length,
      max: counts.reduce((most, count) => Math.max(most, count), 0),
    },
  };
}
