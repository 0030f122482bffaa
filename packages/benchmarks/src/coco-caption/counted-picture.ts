import type { NGramCounts, NGramTable } from './n-gram-table.js';
import type { TokenisedPicture } from './tokenised-picture.js';

/** One picture's captions as n-gram counts of one table. */
export interface CountedPicture {
  readonly candidate: NGramCounts;
  readonly references: readonly NGramCounts[];
}

export function countPictures(pictures: readonly TokenisedPicture[], table: NGramTable): CountedPicture[] {
  return pictures.map(({ candidate, references }) => ({
    candidate: table.count(candidate),
    references: references.map((reference) => table.count(reference)),
  }));
}
