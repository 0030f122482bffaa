import type { FeatureSource } from '../feature-cache/feature-source.js';
import { findRowPictures } from './row-pictures.js';
import type { SplitData } from './split-data.js';

/**
 * Some rows of a split as a split of their own; what batches carry of pictures is to be found anew.
 * @param chosen indices of rows, in the order that they are to have
 */
export function partOfSplit(
  { rows: all, texts, padId }: Omit<SplitData, 'images'>,
  chosen: readonly number[],
): Omit<SplitData, 'images'> {
  const rows = chosen.map((index) => all[index]!);
  const tokenised = chosen.map((index) => texts.rows[index]!);
  const answerCount = tokenised.reduce((sum, { length }) => sum + length, 0);
  // Lengths and what is cut stay those of the whole split, so that batches have the shapes that it has.
  return { rows, texts: { ...texts, rows: tokenised, answerCount }, pictures: findRowPictures(rows), padId };
}

/** {@link partOfSplit} of data whose pictures are at hand: those of the part are looked up in the whole. */
export function readPartOfSplit(whole: SplitData, chosen: readonly number[]): SplitData {
  const { images, textStates } = whole;
  // Texts are found by their tokens, which are those of the whole.
  const part = { ...partOfSplit(whole, chosen), ...(textStates && { textStates }) };
  if (!images || !('features' in images))
    return { ...part, images: part.pictures.pictures.length > 0 ? images : undefined };
  const places = new Map(whole.pictures.pictures.map(({ fingerprint }, index) => [fingerprint, index]));
  const inWhole = part.pictures.pictures.map(({ fingerprint }) => places.get(fingerprint)!);
  const { features } = images;
  const gather: FeatureSource['gather'] = (pictures, slots, views) =>
    features.gather(
      pictures.map((picture) => inWhole[picture]!),
      slots,
      views,
    );
  return { ...part, images: { features: { viewCount: features.viewCount, gather } } };
}
