import type { Match } from './match.js';
import type { PhraseLists } from './phrase-lists.js';

/** Phrases of one caption by their number. */
class PhrasePlaces {
  /** By phrase: the first occurrence in the caption being looked at. */
  readonly #first: Int32Array;
  /** By phrase: the caption that `first` is of, by a count of captions. */
  readonly #seenIn: Int32Array;
  /** By occurrence: the next of the same phrase; -1 where there is none. */
  readonly #next: Int32Array;
  readonly #of: PhraseLists;
  #caption = 0;

  constructor(of: PhraseLists, phraseCount: number) {
    this.#of = of;
    this.#first = new Int32Array(phraseCount);
    this.#seenIn = new Int32Array(phraseCount);
    this.#next = new Int32Array(of.phrases.length);
  }

  look(caption: number): void {
    this.#caption++;
    const { starts, phrases } = this.#of;
    for (let at = starts[caption + 1]! - 1; at >= starts[caption]!; at--) {
      const phrase = phrases[at]!;
      this.#next[at] = this.first(phrase);
      this.#first[phrase] = at;
      this.#seenIn[phrase] = this.#caption;
    }
  }

  first(phrase: number): number {
    return this.#seenIn[phrase] === this.#caption ? this.#first[phrase]! : -1;
  }

  next(occurrence: number): number {
    return this.#next[occurrence]!;
  }
}

/**
 * Matches of phrases by the table of paraphrases: first those whose reference phrase the table lists with the
 * other as its paraphrase, then the reverse. A pair that is listed both ways makes two matches, so that neither is
 * without rival in the alignment.
 */
export class PhraseMatcher {
  readonly #hypotheses: PhraseLists;
  readonly #references: PhraseLists;
  readonly #lists: readonly Int32Array[];
  readonly #inHypothesis: PhrasePlaces;
  readonly #inReference: PhrasePlaces;
  #hypothesis = -1;

  /** @param lists by phrase: those that may stand for it */
  constructor(hypotheses: PhraseLists, references: PhraseLists, lists: readonly Int32Array[]) {
    this.#hypotheses = hypotheses;
    this.#references = references;
    this.#lists = lists;
    this.#inHypothesis = new PhrasePlaces(hypotheses, lists.length);
    this.#inReference = new PhrasePlaces(references, lists.length);
  }

  /** Adds matches to the reference words where they start. */
  add(matches: Match[][], module: number, hypothesis: number, reference: number): void {
    const hypotheses = this.#hypotheses;
    const references = this.#references;
    const start = hypotheses.starts[hypothesis]!;
    const end = hypotheses.starts[hypothesis + 1]!;
    const referenceStart = references.starts[reference]!;
    const referenceEnd = references.starts[reference + 1]!;
    if (start === end || referenceStart === referenceEnd) return;
    const addOne = (from: number, to: number) =>
      matches[references.places[to]!]!.push({
        module,
        hypothesisStart: hypotheses.places[from]!,
        hypothesisLength: hypotheses.lengths[from]!,
        referenceStart: references.places[to]!,
        referenceLength: references.lengths[to]!,
      });
    if (this.#hypothesis !== hypothesis) {
      this.#hypothesis = hypothesis;
      this.#inHypothesis.look(hypothesis);
    }
    const from = this.#inHypothesis;
    for (let to = referenceStart; to < referenceEnd; to++) {
      const others = this.#lists[references.phrases[to]!]!;
      for (let at = 0; at < others.length; at++) {
        for (let one = from.first(others[at]!); one >= 0; one = from.next(one)) addOne(one, to);
      }
    }
    const to = this.#inReference;
    to.look(reference);
    for (let one = start; one < end; one++) {
      const others = this.#lists[hypotheses.phrases[one]!]!;
      for (let at = 0; at < others.length; at++) {
        for (let other = to.first(others[at]!); other >= 0; other = to.next(other)) addOne(one, other);
      }
    }
  }
}
