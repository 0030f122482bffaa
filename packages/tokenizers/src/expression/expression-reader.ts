/** Something in an expression that is not translated. */
export class UnreadExpression extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
};
const CATEGORY = /^(?:L[ulmtod]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfno]?)$/;
const SCRIPT =
  /^(?:Han|Hiragana|Katakana|Hangul|Bopomofo|Latin|Greek|Cyrillic|Armenian|Hebrew|Arabic|Devanagari|Bengali|Tamil|Thai|Lao|Khmer|Myanmar|Georgian|Ethiopic|Tibetan|Mongolian)$/;

/** What the classes of one letter hold; words, `\\w`, are not the same in a class and out of it. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  s: '\\p{White_Space}',
  d: '\\p{Nd}',
};

/** Reads an expression character by character. */
export class ExpressionReader {
  private at = 0;
  private groups = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Whether it comes next; it is then left behind. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  /** The next character. */
  next(): string {
    if (this.atEnd) throw new UnreadExpression();
    const character = String.fromCodePoint(this.text.codePointAt(this.at)!);
    this.at += character.length;
    return character;
  }

  /** What a pattern that begins with ^ finds here; it is then left behind. */
  match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.text.slice(this.at))?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** The character that an escape stands for. */
  escaped(): string {
    const code = this.match(/^(?:x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4})/);
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code.replace(/[xu{}]/g, ''), 16));
    const character = this.next();
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    if (/[A-Za-z0-9]/.test(character)) throw new UnreadExpression();
    return character;
  }

  groupName(): string {
    return `taken${this.groups++}`;
  }
}

/** A class behind a backslash, which stands for one character of it: `\p{L}`, `\s`. Undefined where it is none. */
export function propertyOf(reader: ExpressionReader): string | undefined {
  const contents = classContents(reader);
  return contents === undefined ? undefined : `[${contents.isNegated ? '^' : ''}${contents.members}]`;
}

export interface ClassContents {
  readonly members: string;
  readonly isNegated: boolean;
}

/** The same as contents of a class in brackets. */
export function classContents(reader: ExpressionReader): ClassContents | undefined {
  const shorthand = reader.match(/^[sdSD]/);
  if (shorthand !== undefined) {
    const lower = shorthand.toLowerCase();
    return { members: SHORTHANDS[lower]!, isNegated: shorthand !== lower };
  }
  const property = reader.match(/^[pP]\{\^?[A-Za-z_]+\}/);
  if (property === undefined) return undefined;
  const name = property.replace(/^.\{\^?|\}$/g, '');
  const isNegated = property.startsWith('P') !== property.includes('^');
  if (CATEGORY.test(name)) return { members: `\\p{${name}}`, isNegated };
  if (SCRIPT.test(name)) return { members: `\\p{Script=${name}}`, isNegated };
  throw new UnreadExpression();
}

/** A character as itself, in a class or out of it. */
export const literal = (character: string): string =>
  /^[A-Za-z0-9]$/.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;

/** A character in both cases, as contents of a class; beyond ASCII, letters have cases that are not the same everywhere. */
export function foldedLetter(character: string): string {
  if (character > '\x7f') throw new UnreadExpression();
  if (!/[A-Za-z]/.test(character)) return literal(character);
  const lower = character.toLowerCase();
  const wider = lower === 's' ? '\\u017f' : lower === 'k' ? '\\u212a' : '';
  return lower + lower.toUpperCase() + wider;
}
