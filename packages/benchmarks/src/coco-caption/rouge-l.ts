import type { CaptionSet } from './caption-set.js';
import { mean, type PictureScores } from './picture-scores.js';

/** Weight of recall against precision in coco-caption's `rouge.py`. */
const BETA_SQUARED = 1.2 ** 2;

/**
 * ROUGE-L as coco-caption's `rouge.py` computes it: the best precision and the best recall of a picture's
 * references, possibly of different ones, joined by beta 1.2. It splits at single spaces alone, so an empty
 * caption is one empty word (and scores 1 against an empty reference).
 */
export function rougeL({ candidates, references, referenceStarts, size }: CaptionSet): PictureScores {
  const row = new Int32Array(longest(references.starts) + 1);
  const perPicture: number[] = [];
  for (let picture = 0; picture < size; picture++) {
    const start = candidates.starts[picture]!;
    const end = candidates.starts[picture + 1]!;
    let precision = 0;
    let recall = 0;
    for (let at = referenceStarts[picture]!; at < referenceStarts[picture + 1]!; at++) {
      const first = references.starts[at]!;
      const length = references.starts[at + 1]! - first;
      const common = longestCommonSubsequence(
        candidates.words,
        start,
        end,
        references.words,
        first,
        length,
        row,
      );
      precision = Math.max(precision, common / (end - start));
      recall = Math.max(recall, common / length);
    }
    perPicture.push(
      precision === 0 || recall === 0
        ? 0
        : ((1 + BETA_SQUARED) * precision * recall) / (recall + BETA_SQUARED * precision),
    );
  }
  return { corpus: mean(perPicture), perPicture };
}

function longest(starts: Int32Array): number {
  let most = 0;
  for (let index = 1; index < starts.length; index++) {
    most = Math.max(most, starts[index]! - starts[index - 1]!);
  }
  return most;
}

/**
 * Its length alone; one row of the usual table at a time.
 * @param row of `length + 1` at least, overwritten
 */
function longestCommonSubsequence(
  left: Int32Array,
  leftStart: number,
  leftEnd: number,
  right: Int32Array,
  rightStart: number,
  length: number,
  row: Int32Array,
): number {
  for (let column = 0; column <= length; column++) row[column] = 0;
  for (let at = leftStart; at < leftEnd; at++) {
    const word = left[at]!;
    let diagonal = 0;
    let before = 0;
    for (let column = 1; column <= length; column++) {
      const above = row[column]!;
      if (word === right[rightStart + column - 1]) before = diagonal + 1;
      else if (above > before) before = above;
      row[column] = before;
      diagonal = above;
    }
  }
  return row[length]!;
}
