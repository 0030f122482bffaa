import type { Row } from '@eim/contracts';
import type { Preparation, Tensor2D } from '@eim/contracts/model';
import { tensor2d } from '@tensorflow/tfjs-core';
import { CaptionWords } from '../word-probe/caption-words.js';
import { splitRowsOfPictures } from './rows-of-pictures.js';

/**
 * How alike the pictures of a batch are described: cosines of the words (tf-idf) of all that the rows on them may answer.
 * Each row is brought to sum 1, the picture itself included. Gives `similar`, `[P, P]`.
 */
export function similarityPreparation(rows: readonly Row[] = []): Preparation {
  const words = new CaptionWords(
    rows.filter(({ picture }) => picture !== undefined).map(({ answers }) => answers),
    { minimumCount: 1 },
  );
  return {
    shapes: (_, { pictureCount }) => ({ similar: { shape: [pictureCount, pictureCount] } }),
    async prepare(_, batch) {
      const shown = await splitRowsOfPictures(batch);
      const said = shown.map((indices) => words.weigh(indices.flatMap((index) => rows[index]!.answers))); // [P, W]
      const count = said.length;
      const similar = new Float32Array(count * count); // [P, P]
      for (const [picture, own] of said.entries()) {
        const cosines = said.map((other, index) => (index === picture ? 1 : productOf(own, other)));
        const total = cosines.reduce((sum, cosine) => sum + cosine, 0);
        for (const [index, cosine] of cosines.entries()) similar[picture * count + index] = cosine / total;
      }
      return { similar: tensor2d(similar, [count, count]) as Tensor2D };
    },
  };
}

function productOf(left: Float64Array, right: Float64Array): number {
  let product = 0;
  for (let i = 0; i < left.length; i += 1) product += left[i]! * right[i]!;
  return product;
}
