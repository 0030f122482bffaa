import type { Row } from '@eim/contracts';
import type { Preparation, Tensor2D } from '@eim/contracts/model';
import { tensor2d } from '@tensorflow/tfjs-core';
import { CaptionWords } from '../word-probe/caption-words.js';
import { splitRowsOfPictures } from './rows-of-pictures.js';

/**
 * How alike pictures are described: cosines of the words (tf-idf) of all that the rows on them may answer.
 * Each row is brought to sum 1, the picture itself included.
 */
export class CaptionSimilarity {
  readonly #rows: readonly Row[];
  readonly #words: CaptionWords;

  constructor(rows: readonly Row[] = []) {
    this.#rows = rows;
    this.#words = new CaptionWords(
      rows.filter(({ picture }) => picture !== undefined).map(({ answers }) => answers),
      { minimumCount: 1 },
    );
  }

  /** Gives `similar`, `[P, P]`, of a batch. */
  get preparation(): Preparation {
    return {
      shapes: (_, { pictureCount }) => ({ similar: { shape: [pictureCount, pictureCount] } }),
      prepare: async (_, batch) => ({ similar: this.of(await splitRowsOfPictures(batch)) }),
    };
  }

  /** @param shown for each picture the rows of the split that speak of it @returns `[P, P]` */
  of(shown: readonly (readonly number[])[]): Tensor2D {
    const said = shown.map((indices) =>
      this.#words.weigh(indices.flatMap((index) => this.#rows[index]!.answers)),
    ); // [P, W]
    const count = said.length;
    const similar = new Float32Array(count * count); // [P, P]
    for (const [picture, own] of said.entries()) {
      const cosines = said.map((other, index) => (index === picture ? 1 : productOf(own, other)));
      const total = cosines.reduce((sum, cosine) => sum + cosine, 0);
      for (const [index, cosine] of cosines.entries()) similar[picture * count + index] = cosine / total;
    }
    return tensor2d(similar, [count, count]) as Tensor2D;
  }
}

function productOf(left: Float64Array, right: Float64Array): number {
  let product = 0;
  for (let i = 0; i < left.length; i += 1) product += left[i]! * right[i]!;
  return product;
}
