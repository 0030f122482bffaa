export interface DuplicateKey {
  readonly key: string;
  /** Counted from 1. */
  readonly line: number;
  readonly firstLine: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first name that stands twice in one object of a valid JSON text. */
export function findDuplicateKey(text: string): DuplicateKey | undefined {
  /** One for each open bracket: names and their lines of an object, undefined for a list. */
  const open: (Map<string, number> | undefined)[] = [];
  let line = 1;
  /** A string is a name where an object has just begun or a comma of it was passed. */
  let nameMayFollow = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '\n':
        line++;
        break;
      case '{':
        open.push(new Map());
        nameMayFollow = true;
        break;
      case '[':
        open.push(undefined);
        nameMayFollow = false;
        break;
      case '}':
      case ']':
        open.pop();
        nameMayFollow = false;
        break;
      case ',':
        nameMayFollow = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (nameMayFollow) {
          const key = JSON.parse(text.slice(at, end + 1)) as string;
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

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
