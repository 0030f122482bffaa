import type { Row } from '@eim/contracts';
import type { Segment } from '../../plan/segment-schema.js';
import {
  EVALUATION_BATCH,
  evaluationGroups,
  evaluationSize,
  MOST_ANSWERS_EVALUATED,
} from '../data/evaluation-batches.js';
import { findRowPictures } from '../data/row-pictures.js';
import { targetCapacity } from '../data/text-lengths.js';
import { lengthFor, type TokenisedRows } from '../data/tokenised-rows.js';
import { BatchLengths, type BatchLengthsOptions } from './batch-lengths.js';

/** One of the lengths that the batches of a split are padded to. */
export interface BatchLength {
  /** T: tokens of every text of the batch, begin and end included. */
  readonly textLength: number;
  /** Tokens that a batch of so many texts predicts. */
  targetCount(textCount: number): number;
}

/** Everything about a split that the cost of a plan depends on. */
export interface SplitShape {
  readonly rowCount: number;
  /** Distinct pictures. */
  readonly pictureCount: number;
  /** Answers of all rows together; an epoch passes through all of them once. */
  readonly answerCount: number;
  /** Whether every row shows a picture that no other row shows. */
  readonly oneEach: boolean;
  /** Whether some rows have no picture. */
  readonly someTextAlone: boolean;
  readonly hasPrompts: boolean;
  readonly lengths: readonly BatchLength[];
  /** Answers that need each of these lengths. */
  readonly answersByLength: readonly number[];
  /** The batches of one held-out evaluation, by their length. */
  readonly evaluation: readonly EvaluationShape[];
  /** How many of a segment's batches have each length. Called once for each segment, in the order of the plan. */
  stepsOf(segment: Segment, batches: number): readonly number[];
}

/** Batches of one length in which a split is measured. */
export interface EvaluationShape {
  readonly textLength: number;
  readonly batches: number;
  /** Distinct rows in a batch. */
  readonly batchSize: number;
  readonly answersEach: number;
  readonly targetCount: number;
}

/** The shape of a split that has been tokenised. */
export function splitShapeOf(rows: readonly Row[], options: BatchLengthsOptions): SplitShape {
  const { texts } = options;
  const { pictures, oneEach, someTextAlone } = findRowPictures(rows);
  const order = new BatchLengths(options);
  const { answerCount, hasPrompts } = texts;
  return {
    rowCount: rows.length,
    pictureCount: pictures.length,
    answerCount,
    oneEach,
    someTextAlone,
    hasPrompts,
    lengths: texts.lengths.map((length) => ({
      textLength: length.length,
      targetCount: (textCount) => targetCapacity(length, textCount),
    })),
    answersByLength: countByLength(texts),
    evaluation: evaluationShapes(texts),
    stepsOf: (segment, batches) => order.take(segment, batches),
  };
}

function countByLength(texts: TokenisedRows): number[] {
  const counts = texts.lengths.map(() => 0);
  for (const answer of texts.rows.flat()) counts[texts.lengths.indexOf(lengthFor(texts, [answer]))]! += 1;
  return counts;
}

function evaluationShapes(texts: TokenisedRows): EvaluationShape[] {
  const { groups, size, answersEach, targetCapacity } = evaluationGroups(texts, EVALUATION_BATCH);
  const lengths = groups.map(({ rows }) => {
    const known = rows.flatMap(({ tokens }) => tokens ?? []);
    return lengthFor(texts, known).length;
  });
  return [...new Set(lengths)].map((textLength) => ({
    textLength,
    batches: lengths.filter((length) => length === textLength).length,
    batchSize: size,
    answersEach,
    targetCount: targetCapacity,
  }));
}

/** Sizes that stand in for a split of captioned pictures that nobody has read. */
export interface SplitSizes {
  readonly pictures: number;
  /** Texts of each picture. @default 1 */
  readonly captionsPerPicture?: number;
  /** Tokens of the longest text, begin and end included. */
  readonly textLength: number;
}

/**
 * The shape of a split that nobody has read: every text counts with the greatest length, so the cost is an upper bound.
 * @param hasBegin whether a text starts with a begin token, which is given and never predicted
 * @example
 * longestSplitShape({ pictures: 1800, captionsPerPicture: 5, textLength: 26 }, false);
 */
export function longestSplitShape(sizes: SplitSizes, hasBegin: boolean): SplitShape {
  const { pictures, captionsPerPicture = 1, textLength } = sizes;
  const targets = textLength - (hasBegin ? 1 : 0);
  const answersEach = Math.min(MOST_ANSWERS_EVALUATED, captionsPerPicture);
  const size = evaluationSize(pictures, answersEach, EVALUATION_BATCH);
  const evaluation: EvaluationShape = {
    textLength,
    batches: Math.ceil(pictures / size),
    batchSize: size,
    answersEach,
    targetCount: size * answersEach * targets,
  };
  return {
    rowCount: pictures,
    pictureCount: pictures,
    evaluation: [evaluation],
    answerCount: pictures * captionsPerPicture,
    oneEach: true,
    someTextAlone: false,
    hasPrompts: false,
    lengths: [{ textLength, targetCount: (textCount) => textCount * targets }],
    answersByLength: [pictures * captionsPerPicture],
    stepsOf: (_, batches) => [batches],
  };
}
