import type { Row } from '@eim/contracts';
import { findRowPictures } from '../data/row-pictures.js';
import { targetCapacity } from '../data/text-lengths.js';
import { lengthFor, type TokenisedRows } from '../data/tokenised-rows.js';

/** One of the lengths that the batches of a split are padded to. */
export interface BatchLength {
  /** T: tokens of every text of the batch, begin and end included. */
  readonly textLength: number;
  /** Rows of the split that come in batches of this length. */
  readonly rowCount: number;
  /** Tokens that a batch of so many texts predicts. */
  targetCount(textCount: number): number;
}

/** What the cost of a plan depends on in a split of the data. */
export interface SplitShape {
  /** Distinct pictures. */
  readonly pictureCount: number;
  /** Answers of all rows together: an epoch is once through them. */
  readonly answerCount: number;
  /** Whether every row shows a picture that no other row shows. */
  readonly oneEach: boolean;
  /** Whether some rows have no picture. */
  readonly someTextAlone: boolean;
  readonly hasPrompts: boolean;
  readonly lengths: readonly BatchLength[];
}

/** Of a split that has been tokenised. */
export function splitShapeOf(rows: readonly Row[], texts: TokenisedRows): SplitShape {
  const { pictures, oneEach, someTextAlone } = findRowPictures(rows);
  const lengths = texts.rows.map((answers) => lengthFor(texts, answers));
  const { answerCount, hasPrompts } = texts;
  return {
    ...{ pictureCount: pictures.length, answerCount, oneEach, someTextAlone, hasPrompts },
    lengths: texts.lengths.map((length) => ({
      textLength: length.length,
      rowCount: lengths.filter((own) => own === length).length,
      targetCount: (textCount) => targetCapacity(length, textCount),
    })),
  };
}

/** Sizes that stand for a split nobody has read: captions of pictures. */
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
  const targets = textLength - (hasBegin ? 1 : 0);
  return {
    ...{ pictureCount: pictures, answerCount: pictures * captionsPerPicture },
    ...{ oneEach: true, someTextAlone: false, hasPrompts: false },
    lengths: [{ textLength, rowCount: pictures, targetCount: (textCount) => textCount * targets }],
  };
}
