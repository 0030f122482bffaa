import { forEachSimilarityRow } from './for-each-similarity-row.js';
import { meanOfEach } from './mean-of-each.js';

/**
 * How well nearness of picture vectors tells that people say the same of the pictures: the mean, over
 * pictures, of the similarity between a picture's words and those of its nearest other picture (cosine of word
 * counts weighted by rarity, tf-idf). Needs no trained text side, so it can be compared before and after a
 * segment. Vectors are centred first; of equally near pictures the one that agrees least counts.
 * @param vectors by picture
 * @param words token ids by picture
 */
export async function neighbourAgreement(
  vectors: readonly Float32Array[],
  words: readonly (readonly number[])[],
): Promise<number> {
  return meanOfEach(await neighbourAgreements(vectors, words));
}

/** What {@link neighbourAgreement} is the mean of: a number for each picture; none for a single one. */
export async function neighbourAgreements(
  vectors: readonly Float32Array[],
  words: readonly (readonly number[])[],
): Promise<number[]> {
  if (vectors.length < 2) return [];
  const width = vectors[0]!.length;
  const rows = centredRows(vectors, width);
  const weighted = weightWords(words);
  const agreements: number[] = [];
  await forEachSimilarityRow(rows, rows, width, (similarities, picture) => {
    let nearest = Number.NEGATIVE_INFINITY;
    let agreement = 0;
    for (let other = 0; other < vectors.length; other += 1) {
      const similarity = similarities[other]!;
      if (other === picture || !(similarity >= nearest)) continue;
      const said = cosine(weighted[picture]!, weighted[other]!);
      agreement = similarity === nearest ? Math.min(agreement, said) : said;
      nearest = similarity;
    }
    agreements.push(agreement);
  });
  return agreements;
}

/** `[n * width]`, less their mean and of unit length; a picture that is the mean stays zero. */
function centredRows(vectors: readonly Float32Array[], width: number): Float32Array {
  const mean = new Float64Array(width);
  for (const vector of vectors) {
    for (const [column, value] of vector.entries()) mean[column]! += value / vectors.length;
  }
  const rows = new Float32Array(vectors.length * width);
  for (const [index, vector] of vectors.entries()) {
    const centred = Array.from(vector, (value, column) => value - mean[column]!);
    const length = Math.hypot(...centred) || 1;
    rows.set(
      centred.map((value) => value / length),
      index * width,
    );
  }
  return rows;
}

/** Unit vectors of word counts times the logarithm of rarity, by picture. */
function weightWords(words: readonly (readonly number[])[]): Map<number, number>[] {
  const pictureCounts = new Map<number, number>();
  for (const said of words)
    for (const id of new Set(said)) pictureCounts.set(id, (pictureCounts.get(id) ?? 0) + 1);
  return words.map((said) => {
    const counts = new Map<number, number>();
    for (const id of said) counts.set(id, (counts.get(id) ?? 0) + 1);
    const weights = [...counts].map(
      ([id, count]) => [id, count * Math.log(words.length / pictureCounts.get(id)!)] as const,
    );
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    return new Map(weights.map(([id, weight]) => [id, weight / length]));
  });
}

function cosine(left: ReadonlyMap<number, number>, right: ReadonlyMap<number, number>): number {
  let product = 0;
  for (const [id, weight] of left) product += weight * (right.get(id) ?? 0);
  return product;
}
