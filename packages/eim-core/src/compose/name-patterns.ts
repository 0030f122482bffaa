import type { NamePatterns } from '../plan/name-patterns-schema.js';

/** The patterns that are given, as a list. */
export function patternsOf(patterns: NamePatterns | undefined): readonly string[] {
  return typeof patterns === 'string' ? [patterns] : (patterns ?? []);
}

/**
 * Whether a pattern stands for a name: `*` for any characters, dots included, and everything else for itself.
 * @example
 * matchesPattern('blocks.*.attention.*', 'blocks.0.attention.output.weight'); // true
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const [begin = '', ...pieces] = pattern.split('*');
  if (pieces.length === 0) return name === pattern;
  if (!name.startsWith(begin)) return false;
  const end = pieces.pop()!;
  let at = begin.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - end.length >= at && name.endsWith(end);
}

/**
 * Names for a message: those of blocks once, with `*` in their number's place.
 * @example
 * knownNames(['blocks.0.norm.gain', 'blocks.1.norm.gain', 'head.bias']); // 'blocks.*.norm.gain, head.bias'
 */
export function knownNames(names: readonly string[]): string {
  return [...new Set(names.map((name) => name.replace(/(^|\.)\d+(?=\.|$)/g, '$1*')))].join(', ');
}
