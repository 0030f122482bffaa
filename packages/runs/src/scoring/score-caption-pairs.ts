import { type CaptionScoreReport, CaptionSet, scoreCaptionSet } from '@eim/benchmarks';
import { type CaptionPair, EimError } from '@eim/contracts';

/** How references are counted. */
export interface ReferenceChoice {
  /**
   * Count a reference that repeats another one of the same picture only once. False: all count, as in the official
   * program; a metric that takes a mean over references, such as CIDEr, then gives more weight to what several people
   * wrote.
   * @default false
   */
  readonly distinctReferences?: boolean | undefined;
}

/** Scores of one caption a picture, and what they were computed over. */
export interface ScoredCaptions extends CaptionScoreReport {
  /** The captions, with the references that counted. */
  readonly pictures: readonly CaptionPair[];
  /** The same as numbers of words, for metrics that need more than captions. */
  readonly captions: CaptionSet;
  /** Number of references that repeat another one of the same picture. */
  readonly repeatedReferences: number;
}

/**
 * The COCO Caption scores of captions. Every command uses this function, so that the same captions get the same
 * scores everywhere.
 * @param pairs one caption a picture, with the picture's references
 * @throws EimError `invalid-data` without a picture, or for a picture without a reference
 *
 * @example
 * const { corpus } = scoreCaptionPairs([{ id: '1', candidate: 'A red square.', references: ['a red square'] }]);
 * console.log(corpus.CIDEr);
 */
export function scoreCaptionPairs(
  pairs: readonly CaptionPair[],
  {
    distinctReferences = false,
    pretokenized = false,
  }: ReferenceChoice & {
    /** Captions are words joined by spaces already. @default false */
    readonly pretokenized?: boolean | undefined;
  } = {},
): ScoredCaptions {
  if (pairs.length === 0 || pairs.some(({ references }) => references.length === 0)) {
    throw new EimError({
      code: 'invalid-data',
      message: 'Captions can only be scored of one picture or more, each with a reference or more.',
    });
  }
  const distinct = pairs.map((pair) => ({ ...pair, references: [...new Set(pair.references)] }));
  const pictures = distinctReferences ? distinct : pairs;
  const captions = pretokenized ? CaptionSet.ofTokenised(pictures) : CaptionSet.ofRaw(pictures);
  return {
    ...scoreCaptionSet(captions),
    pictures,
    captions,
    repeatedReferences: countReferences(pairs) - countReferences(distinct),
  };
}

function countReferences(pairs: readonly CaptionPair[]): number {
  return pairs.reduce((sum, { references }) => sum + references.length, 0);
}
