import { mean } from './mean.js';
import type { PictureScores } from './picture-scores.js';
import type { TokenisedPicture } from './tokenised-picture.js';

/** Weight of recall against precision in coco-caption's `rouge.py`. */
const BETA_SQUARED = 1.2 ** 2;

/**
 * ROUGE-L as coco-caption's `rouge.py` computes it: the best precision and the best recall of a picture's
 * references, possibly of different ones, joined by beta 1.2. It splits at single spaces alone, so an empty
 * caption is one empty word (and scores 1 against an empty reference).
 */
export function rougeL(pictures: readonly TokenisedPicture[]): PictureScores {
  const numbers = new Map<string, number>();
  const perPicture = pictures.map(({ candidate, references }) => {
    const words = numberWords(candidate, numbers);
    let precision = 0;
    let recall = 0;
    for (const reference of references) {
      const referenceWords = numberWords(reference, numbers);
      const common = longestCommonSubsequence(words, referenceWords);
      precision = Math.max(precision, common / words.length);
      recall = Math.max(recall, common / referenceWords.length);
    }
    if (precision === 0 || recall === 0) return 0;
    return ((1 + BETA_SQUARED) * precision * recall) / (recall + BETA_SQUARED * precision);
  });
  return { corpus: mean(perPicture), perPicture };
}

function numberWords(text: string, numbers: Map<string, number>): number[] {
  return text.split(' ').map((word) => {
    let number = numbers.get(word);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(word, number);
    }
    return number;
  });
}

/** Its length alone; one row of the usual table at a time. */
function longestCommonSubsequence(left: readonly number[], right: readonly number[]): number {
  const row = new Int32Array(right.length + 1);
  for (const word of left) {
    let diagonal = 0;
    for (let column = 1; column <= right.length; column++) {
      const above = row[column]!;
      if (word === right[column - 1]) row[column] = diagonal + 1;
      else if (row[column - 1]! > above) row[column] = row[column - 1]!;
      diagonal = above;
    }
  }
  return row[right.length]!;
}
