import { NumberList } from '../number-list.js';
import type { NumberedCaptions } from '../numbered-captions.js';
import type { WordTable } from '../word-table.js';
import type { Paraphrases } from './paraphrases.js';
import { ROOT } from './phrase-trie.js';

/** The phrases of captions that may match a phrase of another; where a phrase occurs, it stands by its number. */
export interface PhraseLists {
  /** By caption: where its phrases begin in the next three; one more for the end of the last. */
  readonly starts: Int32Array;
  /** Numbers of the phrases, by where they begin, the shorter first. */
  readonly phrases: Int32Array;
  /** Word of the caption where each begins. */
  readonly places: Int32Array;
  readonly lengths: Int32Array;
}

const NO_LIST = new Int32Array(0);

/** Numbers the phrases of captions that a table of paraphrases has. */
export class PhraseFinder {
  readonly #paraphrases: Paraphrases;
  /** By word of the captions: its number in the table of paraphrases. */
  readonly #words: Int32Array;
  /** By node of the table: the phrase's number plus one; 0 where it has none yet. */
  readonly #numbers: Int32Array;
  readonly #nodes = new NumberList();

  constructor(table: WordTable, paraphrases: Paraphrases) {
    this.#paraphrases = paraphrases;
    this.#words = Int32Array.from({ length: table.size }, (_, word) => paraphrases.word(table.word(word)));
    this.#numbers = new Int32Array(paraphrases.trie.size);
  }

  /** All phrases of captions that begin some phrase of the table. */
  find({ words, starts }: NumberedCaptions): PhraseLists {
    const { trie } = this.#paraphrases;
    const phrases = new NumberList(words.length * 2 + 1);
    const places = new NumberList(words.length * 2 + 1);
    const lengths = new NumberList(words.length * 2 + 1);
    const phraseStarts = new Int32Array(starts.length);
    for (let caption = 0; caption + 1 < starts.length; caption++) {
      const first = starts[caption]!;
      const end = starts[caption + 1]!;
      for (let start = first; start < end; start++) {
        let node = ROOT;
        for (let at = start; at < end; at++) {
          const word = this.#words[words[at]!]!;
          node = word < 0 ? -1 : trie.child(node, word);
          if (node < 0) break;
          phrases.push(this.#number(node));
          places.push(start - first);
          lengths.push(at + 1 - start);
        }
      }
      phraseStarts[caption + 1] = phrases.length;
    }
    return {
      starts: phraseStarts,
      phrases: phrases.values(),
      places: places.values(),
      lengths: lengths.values(),
    };
  }

  /** By number of a phrase: those found so far that may stand for it, in the order of the table. */
  lists(): Int32Array[] {
    const numbers = this.#numbers;
    return Array.from(this.#nodes.values(), (node) => {
      const others = this.#paraphrases.of(node);
      if (others.length === 0) return NO_LIST;
      const found: number[] = [];
      for (let at = 0; at < others.length; at++) {
        const number = numbers[others[at]!]!;
        if (number > 0) found.push(number - 1);
      }
      return found.length === 0 ? NO_LIST : Int32Array.from(found);
    });
  }

  #number(node: number): number {
    const known = this.#numbers[node]!;
    if (known > 0) return known - 1;
    this.#nodes.push(node);
    this.#numbers[node] = this.#nodes.length;
    return this.#nodes.length - 1;
  }
}

/** The same without phrases that no other stands for, nor they for another. */
export function withoutLoners(found: PhraseLists, lists: readonly Int32Array[]): PhraseLists {
  const isUseful = new Uint8Array(lists.length);
  for (const [phrase, others] of lists.entries()) {
    if (others.length > 0) isUseful[phrase] = 1;
    for (const other of others) isUseful[other] = 1;
  }
  const { phrases, places, lengths } = found;
  const starts = new Int32Array(found.starts.length);
  let kept = 0;
  for (let caption = 0; caption + 1 < starts.length; caption++) {
    for (let at = found.starts[caption]!; at < found.starts[caption + 1]!; at++) {
      if (isUseful[phrases[at]!] === 0) continue;
      phrases[kept] = phrases[at]!;
      places[kept] = places[at]!;
      lengths[kept++] = lengths[at]!;
    }
    starts[caption + 1] = kept;
  }
  return {
    starts,
    phrases: phrases.subarray(0, kept),
    places: places.subarray(0, kept),
    lengths: lengths.subarray(0, kept),
  };
}
