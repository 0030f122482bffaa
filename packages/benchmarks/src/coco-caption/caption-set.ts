import { type NumberedCaptions, numberTexts } from './numbered-captions.js';
import type { TokenisedPicture } from './picture-scores.js';
import { numberTokens } from './tokenise-captions.js';
import { WordTable } from './word-table.js';

/** The captions of a set of pictures as numbers of words: what every metric starts from. */
export class CaptionSet {
  /**
   * @param candidates one a picture
   * @param references all pictures' references, those of one picture together
   * @param referenceStarts where each picture's references begin, and the last one's end
   */
  private constructor(
    readonly table: WordTable,
    readonly candidates: NumberedCaptions,
    readonly references: NumberedCaptions,
    readonly referenceStarts: Int32Array,
  ) {}

  /**
   * Captions as people and systems wrote them. All are tokenised as one text, the candidates and then the
   * references, each in the order given, as the official program does.
   */
  static ofRaw(pictures: readonly TokenisedPicture[]): CaptionSet {
    return CaptionSet.#of(pictures, numberTokens);
  }

  /** Captions whose words are joined by single spaces. */
  static ofTokenised(pictures: readonly TokenisedPicture[]): CaptionSet {
    return CaptionSet.#of(pictures, numberTexts);
  }

  static #of(
    pictures: readonly TokenisedPicture[],
    number: (captions: readonly string[], table: WordTable) => NumberedCaptions,
  ): CaptionSet {
    const table = new WordTable();
    const candidates = pictures.map(({ candidate }) => candidate);
    const references: string[] = [];
    const referenceStarts = new Int32Array(pictures.length + 1);
    for (const [index, picture] of pictures.entries()) {
      for (const reference of picture.references) references.push(reference);
      referenceStarts[index + 1] = references.length;
    }
    return new CaptionSet(table, number(candidates, table), number(references, table), referenceStarts);
  }

  /** How many pictures. */
  get size(): number {
    return this.referenceStarts.length - 1;
  }

  /** Words joined by spaces. */
  text({ words, starts }: NumberedCaptions, index: number): string {
    return Array.from(words.subarray(starts[index], starts[index + 1]), (word) => this.table.word(word)).join(
      ' ',
    );
  }

  /** All captions as texts. */
  pictures(): TokenisedPicture[] {
    return Array.from({ length: this.size }, (_, picture) => {
      const first = this.referenceStarts[picture]!;
      const count = this.referenceStarts[picture + 1]! - first;
      return {
        candidate: this.text(this.candidates, picture),
        references: Array.from({ length: count }, (_, place) => this.text(this.references, first + place)),
      };
    });
  }
}
