/** Regular-expression classes, for use with the `u` flag. */
export const LETTER = '[\\p{L}\\u02c2-\\u036f\\u00ad]';
export const DIGIT = '\\p{Nd}';
export const ALPHANUMERIC = '[\\p{L}\\u02c2-\\u036f\\p{Nd}\\u00ad]';
export const HYPHEN = '[-\\u2010\\u2011]';
/** Apostrophes that contractions are recognised with. */
export const APOSTROPHE = "(?:['\\u2019\\u0092]|&apos;)";
export const BLANK = '[ \\t\\u00a0]';

/** Characters that are written as another token than themselves. The C1 controls are Windows-1252. */
export const REWRITTEN: Readonly<Record<string, string>> = {
  '(': '-lrb-',
  ')': '-rrb-',
  '[': '-lsb-',
  ']': '-rsb-',
  '{': '-lcb-',
  '}': '-rcb-',
  '\u2018': '`',
  '\u201b': '`',
  '\u2039': '`',
  '\u0091': '`',
  '\u2019': "'",
  '\u203a': "'",
  '\u0092': "'",
  '\u201c': '``',
  '\u00ab': '``',
  '\u0093': '``',
  '\u201d': "''",
  '\u00bb': "''",
  '\u0094': "''",
  '\u2013': '--',
  '\u2014': '--',
  '\u2015': '--',
  '\u0096': '--',
  '\u0097': '--',
  '\u2026': '...',
  '\u0085': '...',
  '\u00ad': '-',
  '\u00a2': 'cents',
  '\u00a3': '#',
  '\u0080': '$',
  '\u00a4': '$',
  '\u20a0': '$',
  '\u20ac': '$',
  '\u00bc': '1/4',
  '\u00bd': '1/2',
  '\u00be': '3/4',
  '\u2153': '1/3',
  '\u2154': '2/3',
};

/** Stand as a token each, as they are. Any other character is left out. */
const KEPT =
  /[!-/:-@[-`{-~\u00a1\u00a5-\u00a9\u00ac\u00ae-\u00b4\u00b6-\u00b9\u00bf\u00d7\u00f7\u02c2-\u036f\u037e\u0387\u0589\u05be\u060c\u061b\u061f\u066a\u0964\u0965\u0e3f\u0e4f\u1fbd\u2016\u2017\u201a\u201e-\u2023\u2030-\u2038\u203b\u203e-\u2042\u2044\u2070\u2074-\u207e\u2080-\u208e\u20a4\u2100-\u214f\u2155-\u215e\u2190-\u2bff\u3001\u3002\u3012\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0\uffe1\uffe5\uffe6]/;

/** The token that a single character stands for; undefined where the official program drops it. */
export function singleCharacterToken(character: string): string | undefined {
  return REWRITTEN[character] ?? (KEPT.test(character) ? character : undefined);
}
