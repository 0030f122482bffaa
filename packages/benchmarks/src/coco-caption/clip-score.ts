import { EimError } from '@eim/contracts';
import { mean } from './picture-scores.js';

/** The weight of Hessel et al., EMNLP 2021, equation 1. */
const WEIGHT = 2.5;

/** One picture's CLIP embeddings, of any length; all of one picture have the same. */
export interface ClipEmbeddings {
  readonly image: ArrayLike<number>;
  readonly candidate: ArrayLike<number>;
  /** For RefCLIPScore. */
  readonly references?: readonly ArrayLike<number>[];
}

export interface ClipScoreResult {
  /** Means over pictures. */
  readonly CLIPScore: number;
  /** Where every picture has references. */
  readonly RefCLIPScore?: number;
  readonly perPicture: readonly { readonly CLIPScore: number; readonly RefCLIPScore?: number }[];
}

/** `w max(cos(image, candidate), 0)` with w = 2.5 (Hessel et al., EMNLP 2021, equation 1). */
export function clipScore(image: ArrayLike<number>, candidate: ArrayLike<number>): number {
  return WEIGHT * Math.max(cosine(image, candidate), 0);
}

/**
 * The harmonic mean of CLIPScore and the candidate's greatest similarity to a reference, 0 at least (equation 2).
 */
export function refClipScore(
  image: ArrayLike<number>,
  candidate: ArrayLike<number>,
  references: readonly ArrayLike<number>[],
): number {
  const byImage = clipScore(image, candidate);
  const byReference = references.reduce((best, reference) => Math.max(best, cosine(reference, candidate)), 0);
  return byImage + byReference === 0 ? 0 : (2 * byImage * byReference) / (byImage + byReference);
}

/**
 * CLIPScore and RefCLIPScore of a set. The caller runs the towers of its CLIP: the paper's prompt is
 * `A photo depicts ` before every caption, its model ViT-B/32.
 */
export function clipScores(pictures: readonly ClipEmbeddings[]): ClipScoreResult {
  const perPicture = pictures.map(({ image, candidate, references }) => ({
    CLIPScore: clipScore(image, candidate),
    ...(references && { RefCLIPScore: refClipScore(image, candidate, references) }),
  }));
  const withReferences = perPicture.flatMap(({ RefCLIPScore: score }) =>
    score === undefined ? [] : [score],
  );
  return {
    CLIPScore: mean(perPicture.map(({ CLIPScore: score }) => score)),
    ...(withReferences.length === pictures.length &&
      pictures.length > 0 && { RefCLIPScore: mean(withReferences) }),
    perPicture,
  };
}

function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length || left.length === 0) {
    throw new EimError({
      code: 'width-mismatch',
      message: `CLIPScore compares embeddings of one length; it was given ${left.length} and ${right.length} numbers.`,
      advice: 'Use the image and the text tower of one CLIP, after their projections.',
    });
  }
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let index = 0; index < left.length; index++) {
    product += left[index]! * right[index]!;
    leftSquares += left[index]! ** 2;
    rightSquares += right[index]! ** 2;
  }
  const norm = Math.sqrt(leftSquares) * Math.sqrt(rightSquares);
  return norm === 0 ? 0 : product / norm;
}
