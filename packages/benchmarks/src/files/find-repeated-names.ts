export interface RepeatedName {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  readonly firstLine: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

/**
 * The first name that stands twice in one object of a valid JSON text, of which parsing keeps the last alone.
 * @param within name of the object, an entry of the outermost one; absent: the outermost one itself
 */
export function findRepeatedName(text: string, within?: string): RepeatedName | undefined {
  const depthOfNames = within === undefined ? 1 : 2;
  let names = new Map<string, number>();
  let line = 1;
  let depth = 0;
  /** A string is a name where an object has just begun or a comma of it was passed. */
  let nameMayFollow = false;
  let outermost: string | undefined;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case LINE_FEED:
        line++;
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth++;
        nameMayFollow = text.charCodeAt(at) === OPENING_BRACE;
        if (depth === depthOfNames) names = new Map();
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth--;
        break;
      case COMMA:
        // lists hold no names, which a colon follows
        nameMayFollow = true;
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (nameMayFollow && depth <= 2 && isName(text, end)) {
          const name = readName(text, at, end);
          if (depth === 1) outermost = name;
          if (depth === depthOfNames && (within === undefined || outermost === within)) {
            const firstLine = names.get(name);
            if (firstLine !== undefined) return { name, line, firstLine };
            names.set(name, line);
          }
        }
        nameMayFollow = false;
        at = end;
        break;
      }
    }
  }
  return undefined;
}

/** Whether a colon follows the quote at `end`. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text[at] === ':';
}

/** The string whose quotes stand at `start` and `end`. */
function readName(text: string, start: number, end: number): string {
  const name = text.slice(start + 1, end);
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const end = text.indexOf('"', from);
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    // An even number of them stand for themselves.
    if (backslashes % 2 === 0) return end;
    from = end + 1;
  }
}
