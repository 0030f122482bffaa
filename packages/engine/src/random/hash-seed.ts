/**
 * Four 32-bit words of a text, never all zero: FNV-1a (Fowler, Noll, Vo) with four offsets, each finished by
 * MurmurHash3's mixer so that near texts give far words.
 */
export function hashSeed(text: string): [number, number, number, number] {
  const word = (offset: number): number => {
    let hash = 0x811c9dc5 ^ offset;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
      hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) | 0;
  };
  const words: [number, number, number, number] = [
    word(0),
    word(0x9e3779b9),
    word(0x3c6ef372),
    word(0xdaa66d2b),
  ];
  if (words.every((value) => value === 0)) words[0] = 1;
  return words;
}
