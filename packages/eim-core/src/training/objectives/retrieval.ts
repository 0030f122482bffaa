import { forEachSimilarityRow } from './for-each-similarity-row.js';
import { meanOfEach } from './mean-of-each.js';

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
  vectors: RetrievalVectors,
  ranks: Ranks,
): Promise<Record<`retrieval@${Ranks[number]}`, number>> {
  const found: Record<string, readonly number[]> = await retrievalOfEach(vectors, ranks);
  const shares = Object.entries(found).map(([metric, hits]) => [metric, meanOfEach(hits)] as const);
  return Object.fromEntries(shares) as Record<`retrieval@${Ranks[number]}`, number>;
}

/** What {@link retrievalAt} gives the shares of: 1 for each picture that finds its caption, else 0. */
export async function retrievalOfEach<const Ranks extends readonly number[]>(
  { width, pictures, captions, owners }: RetrievalVectors,
  ranks: Ranks,
): Promise<Record<`retrieval@${Ranks[number]}`, number[]>> {
  const nearer: number[] = [];
  await forEachSimilarityRow(pictures, captions, width, (similarities, picture) => {
    nearer.push(foreignAtLeastAsNear(similarities, owners, picture));
  });
  const hits = (rank: number) => nearer.map((count) => (count < rank ? 1 : 0));
  return Object.fromEntries(ranks.map((rank) => [`retrieval@${rank}`, hits(rank)])) as Record<
    `retrieval@${Ranks[number]}`,
    number[]
  >;
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
