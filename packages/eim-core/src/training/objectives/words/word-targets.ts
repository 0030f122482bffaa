import type { Row } from '@eim/contracts';
import type { Batch } from '@eim/contracts/model';
import type { CaptionWords } from '../../word-probe/caption-words.js';
import { splitRowsOfPictures } from '../rows-of-pictures.js';

/** Rows whose words are averaged for the shares to start from: more would hardly change them. */
const MOST_ROWS = 2000;

/** What the pictures of a batch should be told to show. */
export interface WordTargets {
  /** `[P, W]`, for each picture the shares of its words, which sum to 1; zeros where none is known. */
  readonly shares: Float32Array;
  /** `[P]`, 1 where a word is known, or what a label counts. */
  readonly told: Float32Array;
}

/** Words of pictures of which nothing is said. */
export interface PictureLabels {
  /** What a labelled picture counts beside one whose words are said. */
  readonly weight: number;
  /** `[W]`, shares of sum 1. @param fingerprint of a picture */
  of(fingerprint: string): Float32Array | undefined;
}

/** The shares of words, by tf-idf, in some captions together. @returns `[W]`, of sum 1, or zeros */
export function shareWords(words: CaptionWords, captions: readonly string[]): Float32Array {
  const weights = words.weigh(captions); // [W]
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(weights, (weight) => (total === 0 ? 0 : weight / total));
}

/** The mean of the shares over rows with pictures. @returns `[W]` */
export function meanShares(words: CaptionWords, rows: readonly Row[]): Float32Array {
  const step = Math.max(1, Math.floor(rows.length / MOST_ROWS));
  const mean = new Float64Array(words.size); // [W]
  let count = 0;
  for (let index = 0; index < rows.length; index += step) {
    const shares = shareWords(words, rows[index]!.answers);
    if (shares.every((share) => share === 0)) continue;
    for (const [word, share] of shares.entries()) mean[word]! += share;
    count += 1;
  }
  return Float32Array.from(mean, (sum) => sum / Math.max(1, count));
}

/**
 * Reads from a batch which rows it holds, and gives each picture the words of all that the rows on it may answer, not only of
 * the answers drawn.
 */
export async function wordTargets(
  words: CaptionWords,
  rows: readonly Row[],
  batch: Batch,
  labels?: PictureLabels,
): Promise<WordTargets> {
  const shown = await splitRowsOfPictures(batch);
  const shares = new Float32Array(shown.length * words.size); // [P, W]
  const told = new Float32Array(shown.length); // [P]
  for (const [picture, indices] of shown.entries()) {
    const said = indices.flatMap((index) => rows[index]!.answers);
    const fingerprint =
      said.length === 0 && indices.length > 0 ? rows[indices[0]!]!.picture?.fingerprint : undefined;
    const label = fingerprint === undefined ? undefined : labels?.of(fingerprint);
    const own = label ?? shareWords(words, said); // [W]
    shares.set(own, picture * words.size);
    const weight = label ? labels!.weight : 1;
    told[picture] = own.some((share) => share > 0) ? weight : 0;
  }
  return { shares, told };
}
