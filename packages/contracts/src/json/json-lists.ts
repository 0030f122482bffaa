import { JsonSyntaxError } from './json-syntax-error.js';
import { parseJson } from './parse-json.js';
import { parseJsonFile, type SourceText } from './parse-json-file.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** Space, tab, line feed, carriage return. */
const SPACES: readonly unknown[] = [0x20, 0x09, 0x0a, 0x0d];

/** A value in a JSON text: its first byte, and the one after its last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** The contents of a file as bytes, without a byte order mark. */
export function bytesOf(source: SourceText): Uint8Array {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? bytes.subarray(3) : bytes;
}

/**
 * A JSON text whose lists are parsed element by element, so that a file of a hundred megabytes never becomes one string or
 * one tree. Values are read as by {@link parseJson}.
 * @example
 * const root = new JsonLists('{"images": [{"id": 1}]}', 'captions.json');
 * for (const [index, image] of root.entries('images') ?? []) console.log(index, image);
 */
export class JsonLists {
  private readonly bytes: Uint8Array;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Values of the outermost object by name. */
  private readonly spans = new Map<string, Span>();
  /** A text that is no object. */
  private readonly whole: Span | undefined;

  /**
   * @param file names it in errors
   * @throws EimError `invalid-file` where the text is not valid JSON, apart from the elements of its lists, which are
   * checked when they are read
   */
  constructor(
    private readonly source: SourceText,
    private readonly file: string,
  ) {
    this.bytes = bytesOf(source);
    const start = this.skipSpace(0);
    if (this.bytes[start] === OPENING_BRACE) this.readObject(start);
    else this.whole = this.checked(this.value(start));
    const end = this.skipSpace(this.whole?.end ?? this.objectEnd);
    if (end < this.bytes.length) this.refuse();
  }

  private objectEnd = 0;

  /** Whether the text is an object. */
  get isObject(): boolean {
    return this.whole === undefined;
  }

  /** Places and elements of a list of the outermost object, or of the text itself; undefined where that is no list. */
  entries(name?: string): Iterable<readonly [number, unknown]> | undefined {
    const span = this.span(name);
    return span && this.bytes[span.start] === OPENING_BRACKET ? this.listEntries(span) : undefined;
  }

  /** A value of the outermost object, whole, or the text itself; undefined where it is absent. */
  get(name?: string): unknown {
    const span = this.span(name);
    return span && this.parse(span);
  }

  private span(name: string | undefined): Span | undefined {
    return name === undefined ? this.whole : this.spans.get(name);
  }

  private *listEntries({ start, end }: Span): Generator<readonly [number, unknown]> {
    let at = this.skipSpace(start + 1);
    if (at === end - 1) return;
    for (let index = 0; ; index++) {
      const element = this.value(at);
      yield [index, this.parse(element)];
      at = this.skipSpace(element.end);
      if (at === end - 1) return;
      if (this.bytes[at] !== COMMA) this.refuse();
      at = this.skipSpace(at + 1);
    }
  }

  private readObject(start: number): void {
    let at = this.skipSpace(start + 1);
    if (this.bytes[at] === CLOSING_BRACE) {
      this.objectEnd = at + 1;
      return;
    }
    for (;;) {
      if (this.bytes[at] !== QUOTE) this.refuse();
      const name = this.value(at);
      at = this.skipSpace(name.end);
      if (this.bytes[at] !== COLON) this.refuse();
      const value = this.value(this.skipSpace(at + 1));
      this.keep(String(this.parse(name)), value);
      at = this.skipSpace(value.end);
      if (this.bytes[at] === CLOSING_BRACE) break;
      if (this.bytes[at] !== COMMA) this.refuse();
      at = this.skipSpace(at + 1);
    }
    this.objectEnd = at + 1;
  }

  private keep(name: string, span: Span): void {
    const other = this.spans.get(name);
    if (other) this.parse(other); // of two equal names the last counts
    this.spans.set(name, this.checked(span));
  }

  /** Lists are parsed when they are read; anything else at once, so that a mistake in it is found. */
  private checked(span: Span): Span {
    if (this.bytes[span.start] !== OPENING_BRACKET) this.parse(span);
    return span;
  }

  /** Where a value ends: at its closing bracket or quote, or before what ends a number or a word. */
  private value(start: number): Span {
    const { bytes } = this;
    let depth = 0;
    for (let at = start; at < bytes.length; at++) {
      const code = bytes[at]!;
      if (code === QUOTE) {
        at = this.stringEnd(at);
        if (depth === 0) return { start, end: at + 1 };
      } else if (code === OPENING_BRACKET || code === OPENING_BRACE) depth++;
      else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) {
        if (depth === 0) return this.filled(start, at);
        if (--depth > 0) continue;
        // Closing brackets stand two places after their opening ones.
        return code === bytes[start]! + 2 ? { start, end: at + 1 } : this.refuse();
      } else if (depth === 0 && (code === COMMA || code <= 0x20)) return this.filled(start, at);
    }
    return depth === 0 ? this.filled(start, bytes.length) : this.refuse();
  }

  private filled(start: number, end: number): Span {
    return end > start ? { start, end } : this.refuse();
  }

  /** Where the string that begins at `start` has its closing quote. */
  private stringEnd(start: number): number {
    for (let from = start + 1; ; ) {
      const end = this.bytes.indexOf(QUOTE, from);
      if (end < 0) this.refuse();
      let backslashes = 0;
      while (this.bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
      if (backslashes % 2 === 0) return end;
      from = end + 1;
    }
  }

  private skipSpace(start: number): number {
    let at = start;
    while (at < this.bytes.length && SPACES.includes(this.bytes[at])) at++;
    return at;
  }

  private parse({ start, end }: Span): unknown {
    try {
      return parseJson(this.decoder.decode(this.bytes.subarray(start, end)));
    } catch (cause) {
      // a decoder throws TypeError for what is not UTF-8
      if (cause instanceof JsonSyntaxError || cause instanceof TypeError) return this.refuse();
      throw cause;
    }
  }

  /** The whole text is parsed for the words and the place of the error. */
  private refuse(): never {
    parseJsonFile(this.file, this.source);
    throw new Error(`${this.file}: valid JSON was taken for invalid`);
  }
}
