/**
 * Splits a text at the special tokens that it spells, the longest at each place.
 * @returns pieces of ordinary text, none of them empty, and ids
 */
export function splitAtSpecials(text: string, specials: ReadonlyMap<string, number>): (string | number)[] {
  const names = [...specials.keys()].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  if (names.length === 0) return text === '' ? [] : [text];
  const pattern = new RegExp(`(${names.map(escapeForRegExp).join('|')})`);
  return text
    .split(pattern)
    .filter((piece) => piece !== '')
    .map((piece) => specials.get(piece) ?? piece);
}

export function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
