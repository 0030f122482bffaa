/** Words of a caption: letters and digits in lower case, everything else between them. */
export const wordsOf = (caption: string): string[] => caption.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words of a caption, and all sequences of at most `longest` of them that stand side by side in it. */
function phrasesOf(caption: string, longest: number): string[] {
  const words = wordsOf(caption);
  const ofLength = (length: number) =>
    Array.from({ length: Math.max(0, words.length - length + 1) }, (_, start) =>
      words.slice(start, start + length).join(' '),
    );
  return Array.from({ length: longest }, (_, index) => ofLength(index + 1)).flat();
}

export interface CaptionWordsOptions {
  /** Pictures in whose captions a word must occur to count. @default 5 */
  readonly minimumCount?: number;
  /** So many words at most, the most frequent ones. Absent: all count. */
  readonly mostWords?: number;
  /** Sequences of up to so many words count like words. @default 1 */
  readonly longestPhrase?: number;
}

/** In how many pictures a word must be spoken of, unless said otherwise. */
const MINIMUM_COUNT = 5;

/** The words that captions of a training set use, and how much each tells about a picture. */
export class CaptionWords {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #rarity: Float64Array;
  readonly #longest: number;

  /** @param captions of every training picture */
  constructor(
    captions: readonly (readonly string[])[],
    {
      minimumCount = MINIMUM_COUNT,
      mostWords = Number.POSITIVE_INFINITY,
      longestPhrase = 1,
    }: CaptionWordsOptions = {},
  ) {
    this.#longest = longestPhrase;
    const pictures = new Map<string, number>();
    for (const ofPicture of captions) {
      for (const word of new Set(ofPicture.flatMap((caption) => phrasesOf(caption, longestPhrase))))
        pictures.set(word, (pictures.get(word) ?? 0) + 1);
    }
    const inOrder = ([a]: [string, number], [b]: [string, number]) => (a < b ? -1 : 1);
    const kept = [...pictures]
      .filter(([, count]) => count >= minimumCount)
      .sort((a, b) => b[1] - a[1] || inOrder(a, b))
      .slice(0, mostWords)
      .sort(inOrder);
    this.#columns = new Map(kept.map(([word], column) => [word, column]));
    this.#rarity = Float64Array.from(kept, ([, count]) => Math.log(captions.length / count));
  }

  /** The words in the order of their columns, in lower case. `[W]` */
  get list(): string[] {
    return [...this.#columns.keys()];
  }

  /** The number of words W. */
  get size(): number {
    return this.#columns.size;
  }

  /**
   * Frequency times rarity (tf-idf) of the words of some captions together, of length 1.
   * @returns `[W]`; zeros where no word is known, or every word is in all pictures
   */
  weigh(captions: readonly string[]): Float64Array {
    const weights = new Float64Array(this.size); // [W]
    for (const word of captions.flatMap((caption) => phrasesOf(caption, this.#longest))) {
      const column = this.#columns.get(word);
      if (column !== undefined) weights[column]! += this.#rarity[column]!;
    }
    const length = Math.hypot(...weights);
    return length === 0 ? weights : weights.map((weight) => weight / length);
  }

  /** As {@link weigh}, without the zeros. */
  weighSparsely(captions: readonly string[]): SparseWords {
    return [...this.weigh(captions).entries()].filter(([, weight]) => weight !== 0);
  }
}

/** Words by their columns. */
export type SparseWords = readonly (readonly [column: number, weight: number])[];

/** How much of a sentence's words are among others: the product of the two. @param words `[W]` */
export function agreement(sentence: SparseWords, words: Float64Array): number {
  let product = 0;
  for (const [column, weight] of sentence) product += words[column]! * weight;
  return product;
}
