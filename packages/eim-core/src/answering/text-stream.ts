import type { Tokenizer } from '@eim/contracts';

/** What the tokenizer puts for a character whose bytes have not all arrived. */
const UNFINISHED = '\ufffd';

/**
 * The text of one answer while its ids arrive. The text is what the answer adds to the decoded prompt, so a space between
 * the two is kept. Characters come whole, and text that may be the beginning of a stop string is held back.
 * @example
 * const stream = new TextStream(tokenizer.encode('The sea is'), tokenizer, ['\\n']);
 * const { text, stopped } = stream.push(ids, false); // what the new ids settle
 */
export class TextStream {
  readonly #tokenizer: Tokenizer | undefined;
  readonly #stopStrings: readonly string[];
  readonly #prompt: readonly number[];
  readonly #before: string;
  readonly #ids: number[] = [];
  #shown = 0;

  /**
   * @param prompt ids that the answer follows
   * @param tokenizer absent: no text is made
   */
  constructor(
    prompt: readonly number[],
    tokenizer: Tokenizer | undefined,
    stopStrings: readonly string[] = [],
  ) {
    this.#tokenizer = tokenizer;
    this.#stopStrings = stopStrings;
    this.#prompt = prompt;
    this.#before = this.#textOf(prompt);
  }

  /**
   * @param ids new since the last call
   * @param last whether these are the last ids
   * @returns text that is settled now, and whether a stop string ended the answer before its end
   */
  push(ids: readonly number[], last: boolean): { readonly text: string; readonly stopped: boolean } {
    this.#ids.push(...ids);
    const text = this.#added();
    const stop = firstStop(text, this.#stopStrings);
    const end = stop >= 0 ? stop : last ? text.length : text.length - heldBack(text, this.#stopStrings);
    const from = this.#shown;
    this.#shown = Math.max(from, end);
    return { text: text.slice(from, this.#shown), stopped: stop >= 0 };
  }

  #added(): string {
    const whole = this.#textOf([...this.#prompt, ...this.#ids]);
    return whole.startsWith(this.#before) ? whole.slice(this.#before.length) : this.#textOf(this.#ids);
  }

  /** A model's table may be rounded up to more ids than the vocabulary has; such ids have no text. */
  #textOf(ids: readonly number[]): string {
    const tokenizer = this.#tokenizer;
    return tokenizer?.decode(ids.filter((id) => !(id >= tokenizer.vocabularySize))) ?? '';
  }
}

/** Index at which the first stop string begins, or -1. */
function firstStop(text: string, stopStrings: readonly string[]): number {
  const places = stopStrings.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}

/** How many characters at the end the next tokens may still change: unfinished ones, and beginnings of stop strings. */
function heldBack(text: string, stopStrings: readonly string[]): number {
  let unfinished = 0;
  while (unfinished < text.length && text[text.length - 1 - unfinished] === UNFINISHED) unfinished++;
  const begun = stopStrings.map((stop) => {
    for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
      if (text.endsWith(stop.slice(0, length))) return length;
    }
    return 0;
  });
  return Math.max(unfinished, ...begun);
}
