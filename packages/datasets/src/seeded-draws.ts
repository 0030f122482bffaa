import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Reproducible draws for one named purpose. */
export interface SeededDraws {
  /** A number in [0, 1). */
  uniform(): number;
  /** A number in [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, bound). */
  integer(bound: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
}

/** @param purpose the same text gives the same draws on every machine */
export function seededDraws(purpose: string): SeededDraws {
  const generator = xoroshiro128plusFromState(hashText(purpose));
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  const integer = (bound: number) => Math.floor(uniform() * bound);
  return {
    uniform,
    integer,
    between: (low, high) => low + (high - low) * uniform(),
    chance: (probability) => uniform() < probability,
    pick: (items) => items[integer(items.length)]!,
    shuffle: (items) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
  };
}

/** Four 32-bit words of a text: FNV-1a from four starts, finished as in MurmurHash3. */
function hashText(text: string): number[] {
  return [0x811c9dc5, 0x9747b28c, 0x1b873593, 0x85ebca6b].map((start) => {
    let hash = start;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) | 0;
  });
}
