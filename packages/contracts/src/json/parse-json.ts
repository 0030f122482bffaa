import { type JsonRules, PYTHON_RULES } from './json-rules.js';
import { JsonSyntaxError } from './json-syntax-error.js';

/** What `JSON.parse` would read otherwise than Python: an integer that may be beyond 2^53, and the words of no number. */
const NEEDS_CARE = /(?<![\d.])\d{16}|NaN|Infinity/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /-?[A-Za-z]+/y;
const SPACES = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LONE_SURROGATE = /\p{Surrogate}/u;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * The value of a JSON text, by Python's rules if no others are given.
 * @throws JsonSyntaxError
 * @example
 * parseJson('{"image_id": 9007199254740993}'); // { image_id: 9007199254740993n }
 */
export function parseJson(text: string, rules: JsonRules = PYTHON_RULES): unknown {
  if (rules === PYTHON_RULES && !NEEDS_CARE.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // read again below, for the place of the mistake
    }
  }
  return new JsonReader(text, rules).whole();
}

class JsonReader {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly rules: JsonRules,
  ) {}

  whole(): unknown {
    this.skipSpaces();
    const value = this.value();
    this.skipSpaces();
    if (this.at < this.text.length) this.refuse('something follows the value');
    return value;
  }

  private value(): unknown {
    switch (this.text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.list();
      case '"':
        return this.string();
      default:
        return this.wordOrNumber();
    }
  }

  private object(): unknown {
    const entries: [string, unknown][] = [];
    this.enter();
    while (!this.leaves('}', entries.length)) {
      if (this.text[this.at] !== '"') this.refuse('a name in quotes should stand here');
      const name = this.string();
      this.skipSpaces();
      this.expect(':');
      entries.push([name, this.value()]);
    }
    return this.rules.object(entries);
  }

  private list(): unknown[] {
    const items: unknown[] = [];
    this.enter();
    while (!this.leaves(']', items.length)) items.push(this.value());
    return items;
  }

  private enter(): void {
    if (++this.depth > this.rules.deepest) this.refuse(`it is nested more than ${this.rules.deepest} deep`);
    this.at++;
    this.skipSpaces();
  }

  /** Goes on to the next item, or behind the closing bracket. @param before how many items there were */
  private leaves(bracket: string, before: number): boolean {
    this.skipSpaces();
    if (this.text[this.at] === bracket) {
      this.depth--;
      this.at++;
      return true;
    }
    if (before > 0) {
      this.expect(',', bracket);
      if (this.text[this.at] === bracket) this.refuse('nothing follows the comma');
    }
    return false;
  }

  private expect(character: string, other?: string): void {
    if (this.text[this.at] !== character) {
      this.refuse(`${other === undefined ? '' : `${other} or `}${character} should stand here`);
    }
    this.at++;
    this.skipSpaces();
  }

  private string(): string {
    const { text, at: start } = this;
    let hasEscapes = false;
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        hasEscapes = true;
        at = this.escapeEnd(at);
      } else if (code === QUOTE) {
        this.at = at + 1;
        const value = hasEscapes
          ? (JSON.parse(text.slice(start, at + 1)) as string)
          : text.slice(start + 1, at);
        if (!hasEscapes || this.rules.loneSurrogates || !LONE_SURROGATE.test(value)) return value;
        return this.refuse('half of a surrogate pair stands alone', start);
      } else if (code < SPACE) this.refuse('a control character in a text', at);
    }
    return this.refuse('the text has no end', text.length);
  }

  /** The last character of the escape that begins at `start`. */
  private escapeEnd(start: number): number {
    ESCAPE.lastIndex = start;
    if (ESCAPE.test(this.text)) return ESCAPE.lastIndex - 1;
    const isCutOff = /^\\(u[0-9a-fA-F]{0,3})?$/.test(this.text.slice(start, start + 6));
    return this.refuse('an escape that means nothing', isCutOff ? this.text.length : start);
  }

  private wordOrNumber(): unknown {
    const start = this.at;
    const literal = this.match(NUMBER);
    if (literal !== undefined) {
      try {
        return this.rules.number(literal);
      } catch (cause) {
        if (cause instanceof RangeError) return this.refuse(cause.message, start);
        throw cause;
      }
    }
    const word = this.match(WORD);
    if (word !== undefined) {
      const known = [WORDS, this.rules.words].find((words) => words.has(word));
      if (known) return known.get(word);
      const all = [...WORDS.keys(), ...this.rules.words.keys()];
      const cutOff = this.at === this.text.length && all.some((whole) => whole.startsWith(word));
      return this.refuse(`"${word}" is no value`, cutOff ? this.at : start);
    }
    if (this.text[start] === '-' && start === this.text.length - 1) this.at++;
    return this.refuse('a value should stand here');
  }

  private match(expression: RegExp): string | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    if (!found) return undefined;
    this.at = expression.lastIndex;
    return found[0];
  }

  private skipSpaces(): void {
    SPACES.lastIndex = this.at;
    SPACES.test(this.text);
    this.at = SPACES.lastIndex;
  }

  private refuse(problem: string, position = this.at): never {
    throw new JsonSyntaxError(problem, position, this.text);
  }
}
