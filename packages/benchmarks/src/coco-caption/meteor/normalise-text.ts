/** Words that a full stop may follow without ending a sentence, as the jar's `nonbreaking/english.prefixes` has them. */
export interface NonbreakingPrefixes {
  readonly always: ReadonlySet<string>;
  /** Only where a number follows. */
  readonly beforeNumbers: ReadonlySet<string>;
}

/** Where the file of prefixes is not at hand: those that occur in lower-case text, as captions are. */
export const LOWER_CASE_PREFIXES: NonbreakingPrefixes = {
  always: new Set(['v', 'vs', 'rev']),
  beforeNumbers: new Set(['pp']),
};

/** Reads a list of prefixes: one a line, `#` begins a comment, `#NUMERIC_ONLY#` marks those before numbers. */
export function readPrefixes(text: string): NonbreakingPrefixes {
  const always = new Set<string>();
  const beforeNumbers = new Set<string>();
  for (const line of text.split('\n')) {
    const [prefix] = line.trim().split(/\s+/);
    if (!prefix || prefix.startsWith('#')) continue;
    (line.includes('#NUMERIC_ONLY#') ? beforeNumbers : always).add(prefix);
  }
  return { always, beforeNumbers };
}

/** The letters that METEOR keeps together in words: Latin with accents, Cyrillic, phonetic extensions. */
const LETTER = 'A-Za-zÀ-ÖØ-öø-žЀ-ԧᴀ-ᵿꙀ-ꙮ꙾-ꚗ';
const OTHER = new RegExp(`[^${LETTER}0-9 \\t\\n\\v\\f\\r.'\`,-]`, 'gu');
const HYPHENATED = new RegExp(`([${LETTER}0-9.])-([${LETTER}0-9])`, 'g');
const APOSTROPHES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`([^${LETTER}])'([^${LETTER}])`, 'g'), "$1 ' $2"],
  [new RegExp(`([^${LETTER}0-9])'([${LETTER}])`, 'g'), "$1 ' $2"],
  [new RegExp(`([${LETTER}])'([^${LETTER}])`, 'g'), "$1 ' $2"],
  [new RegExp(`([${LETTER}])'([${LETTER}])`, 'g'), "$1 '$2"],
  [/([0-9])'s/g, "$1 's"],
];
const COMMAS: readonly (readonly [RegExp, string])[] = [
  [/([^0-9]),([^0-9])/g, '$1 , $2'],
  [/([0-9]),([^0-9])/g, '$1 , $2'],
  [/([^0-9]),([0-9])/g, '$1 , $2'],
];
const HAS_LETTER = new RegExp(`[${LETTER}]`);

/**
 * A sentence as METEOR's `-norm` makes it: punctuation apart from words, hyphenated words in two, quotes and
 * dashes plain, full stops of abbreviations gone (`u.s.` becomes `us`), in lower case. Worked out from what
 * METEOR 1.5 returns; a match does not begin inside the one before it, and METEOR has it so too.
 */
export function normaliseText(text: string, prefixes: NonbreakingPrefixes = LOWER_CASE_PREFIXES): string[] {
  let line = ` ${text} `.replace(/[“”]/g, '"').replace(/[‘’]/g, "'").replace(/–/g, ' - ');
  line = line.replace(OTHER, ' $& ').replace(/\.{2,}/g, ' $& ');
  for (const [pattern, replacement] of COMMAS) line = line.replace(pattern, replacement);
  line = line.replace(/--/g, '-').replace(HYPHENATED, '$1 $2');
  line = line.replace(/`/g, "'").replace(/''/g, ' " ');
  for (const [pattern, replacement] of APOSTROPHES) line = line.replace(pattern, replacement);
  const words = line.split(/[ \t\n\v\f\r]+/).filter((word) => word !== '');
  return words
    .flatMap((word, index) => splitFullStop(word, words[index + 1], prefixes))
    .filter((word) => !/^\s$/.test(word)) // spaces of other kinds stand alone
    .map((word) => word.toLowerCase());
}

function splitFullStop(
  word: string,
  next: string | undefined,
  { always, beforeNumbers }: NonbreakingPrefixes,
) {
  if (!word.endsWith('.') || word.length === 1) return [word];
  const before = word.slice(0, -1);
  if (before.endsWith('.')) return [word];
  if (before.includes('.') && HAS_LETTER.test(before)) return [before.replaceAll('.', '')];
  if (always.has(before) || (next !== undefined && /^[a-z]/.test(next))) return [word];
  if (beforeNumbers.has(before) && next !== undefined && /^[0-9]/.test(next)) return [word];
  return [before, '.'];
}
