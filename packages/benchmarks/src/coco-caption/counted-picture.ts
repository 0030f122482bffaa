import type { CaptionSet } from './caption-set.js';
import type { NGramCounts, NGramTable } from './n-gram-table.js';
import type { NumberedCaptions } from './numbered-captions.js';

/** One picture's captions as n-gram counts of one table. */
export interface CountedPicture {
  readonly candidate: NGramCounts;
  readonly references: readonly NGramCounts[];
}

/** @param table made with the set's table of words */
export function countPictures(set: CaptionSet, table: NGramTable): CountedPicture[] {
  const count = ({ words, starts }: NumberedCaptions, index: number) =>
    table.countPiece(words, starts[index]!, starts[index + 1]!);
  return Array.from({ length: set.size }, (_, picture) => {
    const candidate = count(set.candidates, picture);
    const references: NGramCounts[] = [];
    for (let at = set.referenceStarts[picture]!; at < set.referenceStarts[picture + 1]!; at++) {
      references.push(count(set.references, at));
    }
    return { candidate, references };
  });
}
