import type { CaptionRows } from '../data/caption-rows.js';
import { targetCapacity } from '../data/target-capacity.js';

/** What the cost of a plan depends on in a split of the data. */
export interface SplitShape {
  readonly pictureCount: number;
  /** Texts of all pictures together: an epoch is once through them. */
  readonly captionCount: number;
  /** Tokens of every row of a batch, begin and end included. */
  readonly textLength: number;
  /** Tokens that a batch of so many rows predicts. */
  targetCount(rowCount: number): number;
}

/** Of a split that has been tokenised. */
export function splitShapeOf(captions: CaptionRows): SplitShape {
  const { rows, captionCount, textLength } = captions;
  return {
    ...{ pictureCount: rows.length, captionCount, textLength },
    targetCount: (rowCount) => targetCapacity(captions, rowCount),
  };
}

/** Sizes that stand for a split nobody has read. */
export interface SplitSizes {
  readonly pictures: number;
  /** Texts of each picture. @default 1 */
  readonly captionsPerPicture?: number;
  /** Tokens of the longest text, begin and end included. */
  readonly textLength: number;
}

/**
 * Of a split that nobody has read: every text is as long as the longest, so that this is the most it can cost.
 * @param hasBegin whether a text starts with a begin token, which is given and never predicted
 */
export function longestSplitShape(sizes: SplitSizes, hasBegin: boolean): SplitShape {
  const { pictures, captionsPerPicture = 1, textLength } = sizes;
  return {
    ...{ pictureCount: pictures, captionCount: pictures * captionsPerPicture, textLength },
    targetCount: (rowCount) => rowCount * (textLength - (hasBegin ? 1 : 0)),
  };
}
