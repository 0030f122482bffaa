import { EimError, type Picture, type Row } from '@eim/contracts';
import { z } from 'zod';
import { captionedPictures } from '../../data/captioned-pictures.js';
import { concatenate } from '../../data/concatenate.js';
import type { CaptionWords } from '../../word-probe/caption-words.js';
import { forEachSimilarityRow } from '../for-each-similarity-row.js';
import { type PictureLabels, shareWords } from './word-targets.js';

export const pseudoWordsSchema = z.strictObject({
  /** The split of the further pictures; what is said of them, if anything, is not read. */
  split: z.string().min(1),
  /** From how many captioned pictures each of them takes its words. @default 5 */
  nearest: z.int().min(1).default(5),
  /** What such a picture counts beside a captioned one. @default 1 */
  weight: z.number().gt(0).max(1).default(1),
});

export type PseudoWordsOptions = z.output<typeof pseudoWordsSchema>;

/**
 * Words for pictures of which nothing is said: the mean of the words of those captioned pictures that are nearest to them, by the
 * cosines of what the ST reads of them, as the segment finds the encoder (after S-CLIP, Mo et al. 2023, arXiv:2305.14095, which
 * matches pictures without captions to the words of the nearest captions).
 */
export class PseudoWords implements PictureLabels {
  readonly weight: number;
  readonly #nearest: number;
  readonly #captioned: readonly { readonly picture: Picture; readonly captions: readonly string[] }[];
  readonly #further: readonly Picture[];
  /** Shares of words by a picture's fingerprint. */
  #found: ReadonlyMap<string, Float32Array> | undefined;

  /** @throws EimError `invalid-config` where fewer pictures have captions than are to be looked at */
  constructor({ nearest, weight, split }: PseudoWordsOptions, rows: readonly Row[]) {
    this.#nearest = nearest;
    this.weight = weight;
    const captioned = captionedPictures(rows);
    this.#captioned = [...captioned.values()];
    const further = new Map<string, Picture>();
    for (const { picture } of rows) {
      if (picture && !captioned.has(picture.fingerprint)) further.set(picture.fingerprint, picture);
    }
    this.#further = [...further.values()];
    if (this.#further.length > 0 && this.#captioned.length < nearest) {
      throw new EimError({
        code: 'invalid-config',
        message: `The pictures of '${split}' are to take words from their ${nearest} nearest captioned ones (pseudo.nearest), but ${this.#captioned.length} have captions.`,
        advice: 'Lower pseudo.nearest, or leave pseudo out.',
        data: { split, nearest, captioned: this.#captioned.length },
      });
    }
  }

  /** What {@link label} costs. @param width of a picture's vector */
  cost(width: number): { readonly pictures: number; readonly multiplyAdds: number } {
    const [further, captioned] = [this.#further.length, this.#captioned.length];
    if (further === 0) return { pictures: 0, multiplyAdds: 0 };
    return { pictures: further + captioned, multiplyAdds: further * captioned * width };
  }

  /** Finds the words of every further picture. @param pictureVectors gives `[N, D]` */
  async label(
    words: CaptionWords,
    pictureVectors: (pictures: readonly Picture[]) => Promise<readonly Float32Array[]>,
  ): Promise<void> {
    const found = new Map<string, Float32Array>();
    this.#found = found;
    if (this.#further.length === 0) return;
    const captioned = this.#captioned;
    const known = captioned.map(({ picture }) => picture);
    const vectors = centred(await pictureVectors([...known, ...this.#further]), known.length);
    const width = vectors[0]!.length;
    const [left, right] = [vectors.slice(known.length), vectors.slice(0, known.length)];
    const shares = captioned.map(({ captions }) => shareWords(words, captions)); // [C, W]
    await forEachSimilarityRow(concatenate(left), concatenate(right), width, (cosines, index) => {
      const nearest = mostSimilar(cosines, this.#nearest).map((picture) => shares[picture]!);
      found.set(this.#further[index]!.fingerprint, meanOf(nearest, words.size));
    });
  }

  of(fingerprint: string): Float32Array | undefined {
    return this.#found?.get(fingerprint);
  }
}

/** Vectors less the mean of the first `count` of them, of length 1. */
function centred(vectors: readonly Float32Array[], count: number): Float32Array[] {
  const mean = new Float64Array(vectors[0]!.length);
  for (const vector of vectors.slice(0, count))
    for (const [i, value] of vector.entries()) mean[i]! += value / count;
  return vectors.map((vector) => {
    const moved = Float64Array.from(vector, (value, i) => value - mean[i]!);
    const length = Math.hypot(...moved);
    return Float32Array.from(moved, (value) => (length === 0 ? 0 : value / length));
  });
}

/** The places of the greatest numbers; of equal ones the first. */
const mostSimilar = (cosines: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: cosines.length }, (_, index) => index)
    .sort((a, b) => cosines[b]! - cosines[a]! || a - b)
    .slice(0, count);

/** The mean of shares, brought to sum 1 again where some know no word. */
function meanOf(shares: readonly Float32Array[], size: number): Float32Array {
  const sum = new Float64Array(size);
  for (const own of shares) for (const [word, share] of own.entries()) sum[word]! += share;
  const total = sum.reduce((all, share) => all + share, 0);
  return Float32Array.from(sum, (share) => (total === 0 ? 0 : share / total));
}
