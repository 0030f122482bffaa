/** Characters that Python's `str.isspace` and `\s` take for white space, as contents of a character class. */
export const WHITE_SPACE =
  '\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const RUNS = new RegExp(`[${WHITE_SPACE}]+`, 'gu');

/** `" ".join(text.split())` */
export function collapseWhiteSpace(text: string): string {
  return text
    .split(RUNS)
    .filter((word) => word !== '')
    .join(' ');
}
