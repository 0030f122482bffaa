export interface DuplicateKey {
  readonly key: string;
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

/** The first name that stands twice in one object of a valid JSON text. */
export function findDuplicateKey(text: string): DuplicateKey | undefined {
  /** One for each open bracket: names and their lines of an object, undefined for a list. */
  const open: (Map<string, number> | undefined)[] = [];
  let line = 1;
  /** A string is a name where an object has just begun or a comma of it was passed. */
  let nameMayFollow = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case LINE_FEED:
        line++;
        break;
      case OPENING_BRACE:
        open.push(new Map());
        nameMayFollow = true;
        break;
      case OPENING_BRACKET:
        open.push(undefined);
        nameMayFollow = false;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        open.pop();
        nameMayFollow = false;
        break;
      case COMMA:
        nameMayFollow = open.at(-1) !== undefined;
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (nameMayFollow) {
          const key = readName(text, at, end);
          const names = open.at(-1)!;
          const firstLine = names.get(key);
          if (firstLine !== undefined) return { key, line, firstLine };
          names.set(key, line);
          nameMayFollow = false;
        }
        at = end;
        break;
      }
    }
  }
  return undefined;
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
