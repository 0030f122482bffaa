/** Directed pairs of phrases, the second of which may stand for the first; words joined by single spaces. */
export class Paraphrases {
  readonly #paraphrases = new Map<string, Set<string>>();
  /** By first word: the most words that a phrase of either side with it has. */
  readonly #longest = new Map<string, number>();

  add(phrase: string, paraphrase: string): void {
    const known = this.#paraphrases.get(phrase);
    if (known) known.add(paraphrase);
    else this.#paraphrases.set(phrase, new Set([paraphrase]));
    this.#note(phrase);
    this.#note(paraphrase);
  }

  has(phrase: string, paraphrase: string): boolean {
    return this.#paraphrases.get(phrase)?.has(paraphrase) ?? false;
  }

  /** Phrases that may stand for this one; undefined where there is none. */
  of(phrase: string): ReadonlySet<string> | undefined {
    return this.#paraphrases.get(phrase);
  }

  /** The most words of any phrase, on either side, that begins with this word; 0 where none does. */
  longestFrom(word: string): number {
    return this.#longest.get(word) ?? 0;
  }

  #note(phrase: string): void {
    const words = phrase.split(' ');
    const first = words[0]!;
    this.#longest.set(first, Math.max(this.longestFrom(first), words.length));
  }
}
