import type { Row } from '@eim/contracts';
import type { Half } from '../../plan/measured-by-schema.js';

/** FNV-1a, 32 bits, over UTF-16 units (Fowler, Noll and Vo), its bits mixed once more as in MurmurHash3. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * The rows of one half of a split, by their indices. Rows that show one picture are in one half. It depends on nothing but the
 * pictures' fingerprints, and the ids of rows without a picture.
 */
export function halfOfRows(rows: readonly Row[], half: Half): number[] {
  const wanted = half === 'first' ? 0 : 1;
  return [...rows.keys()].filter((index) => {
    const { picture, id } = rows[index]!;
    return (hashOf(picture?.fingerprint ?? id) & 1) === wanted;
  });
}
