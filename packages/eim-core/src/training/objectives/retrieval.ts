import { forEachSimilarityRow } from './for-each-similarity-row.js';

/** Vectors of a whole split, row by row and of unit length. */
export interface RetrievalVectors {
  readonly width: number;
  /** `[n * width]` */
  readonly pictures: Float32Array;
  /** `[m * width]` */
  readonly captions: Float32Array;
  /** `[m]`, the picture of each caption. */
  readonly owners: Int32Array;
}

/**
 * Picture to caption over a whole split: the share of pictures for which one of their own captions is among
 * the k nearest. A foreign caption exactly as near as the best own one counts as nearer, so that an encoder
 * that gives every picture the same vector scores nothing.
 */
export async function retrievalAt<const Ranks extends readonly number[]>(
  { width, pictures, captions, owners }: RetrievalVectors,
  ranks: Ranks,
): Promise<Record<`retrieval@${Ranks[number]}`, number>> {
  const pictureCount = pictures.length / width;
  const hits = ranks.map(() => 0);
  await forEachSimilarityRow(pictures, captions, width, (similarities, picture) => {
    const nearer = foreignAtLeastAsNear(similarities, owners, picture);
    ranks.forEach((rank, place) => {
      if (nearer < rank) hits[place]! += 1;
    });
  });
  return Object.fromEntries(
    ranks.map((rank, place) => [`retrieval@${rank}`, hits[place]! / pictureCount]),
  ) as Record<`retrieval@${Ranks[number]}`, number>;
}

/** Foreign captions at least as near as the picture's best own one; infinitely many if nothing is a number. */
function foreignAtLeastAsNear(scores: ArrayLike<number>, owners: Int32Array, picture: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let caption = 0; caption < owners.length; caption += 1) {
    if (owners[caption] === picture && scores[caption]! > best) best = scores[caption]!;
  }
  if (best === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  let nearer = 0;
  for (let caption = 0; caption < owners.length; caption += 1) {
    if (owners[caption] !== picture && !(scores[caption]! < best)) nearer += 1;
  }
  return nearer;
}
