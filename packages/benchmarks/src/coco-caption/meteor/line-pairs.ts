import { WordTable } from '../word-table.js';

/** A list of METEOR's: a word on one line, its values on the next. Lines are found at once and read when asked for. */
export class LinePairs {
  readonly #text: string;
  readonly #words = new WordTable();
  /** By word: where its values begin. */
  readonly #starts: number[] = [];

  constructor(text: string) {
    this.#text = text.endsWith('\n') ? text : `${text}\n`;
    for (let start = 0; start < this.#text.length; ) {
      const end = this.#text.indexOf('\n', start);
      const valuesEnd = this.#text.indexOf('\n', end + 1);
      if (valuesEnd < 0) break;
      this.#starts[this.#words.numberPiece(this.#text, start, end)] = end + 1;
      start = valuesEnd + 1;
    }
  }

  /** The values, as the line has them; undefined where the word is not in the list. Of a repeated word the last. */
  get(word: string): readonly string[] | undefined {
    const start = this.#starts[this.#words.find(word)];
    return start === undefined
      ? undefined
      : this.#text.slice(start, this.#text.indexOf('\n', start)).split(' ');
  }

  /** All words and values, in the order of the first sight of each word. */
  *entries(): IterableIterator<readonly [string, readonly string[]]> {
    for (let word = 0; word < this.#words.size; word++) {
      const text = this.#words.word(word);
      yield [text, this.get(text)!];
    }
  }
}
