import type { Batch, Tensor2D } from '@eim/contracts/model';
import { l2Normalise } from '@eim/engine';
import { tidy } from '@tensorflow/tfjs-core';
import { concatenate } from '../data/concatenate.js';
import type { RetrievalVectors } from './retrieval.js';
import { rowsOfPictures } from './rows-of-pictures.js';

/** What a contrastive loss compares: one vector a picture and one a caption row. */
export interface ContrastVectors {
  /** `[P, D]` */
  readonly pictures: Tensor2D;
  /** `[R, D]` */
  readonly captions: Tensor2D;
  /** `[R, T]`, 1 on content; a row without any is filling. */
  readonly mask: Tensor2D;
  /** `[P, E]`, before anything that exists during training alone. */
  readonly encoded: Tensor2D;
}

export interface SplitVectors extends RetrievalVectors {
  /** Vectors of the pictures, in their order. */
  readonly encoded: readonly Float32Array[];
  /** Token ids of all captions, by picture. */
  readonly words: readonly (readonly number[])[];
}

/** Reads the vectors of a whole split back, of unit length and without filling. */
export async function collectVectors(
  batches: AsyncIterable<Batch>,
  vectorsOf: (batch: Batch) => ContrastVectors,
): Promise<SplitVectors> {
  const pictures: Float32Array[] = [];
  const captions: Float32Array[] = [];
  const owners: number[] = [];
  const encoded: Float32Array[] = [];
  const words: number[][] = [];
  let width = 0;
  for await (const batch of batches) {
    const read = tidy(() => {
      const found = vectorsOf(batch);
      // Clones, as the encoder's output may be a cached tensor of the batch itself.
      return [
        l2Normalise(found.pictures),
        l2Normalise(found.captions),
        found.mask.clone(),
        found.encoded.clone(),
      ];
    });
    const rowsOf = await Promise.all(read.map(toRows));
    const [left, right, mask, own] = rowsOf as [
      Float32Array[],
      Float32Array[],
      Float32Array[],
      Float32Array[],
    ];
    width = left[0]!.length;
    for (const tensor of read) tensor.dispose();
    const ids = (await batch.ids.data()) as Int32Array;
    const shownBy = await rowsOfPictures(batch);
    for (const [picture, rows] of shownBy.entries()) {
      const said: number[] = [];
      for (const row of rows) {
        const content = [...mask[row]!.keys()].filter((place) => mask[row]![place]! > 0);
        if (content.length === 0) continue;
        said.push(...content.map((place) => ids[row * mask[row]!.length + place]!));
        captions.push(right[row]!);
        owners.push(pictures.length);
      }
      if (said.length === 0) continue;
      pictures.push(left[picture]!);
      encoded.push(own[picture]!);
      words.push(said);
    }
  }
  return {
    width,
    pictures: concatenate(pictures),
    captions: concatenate(captions),
    owners: Int32Array.from(owners),
    encoded,
    words,
  };
}

async function toRows(tensor: Tensor2D): Promise<Float32Array[]> {
  const [count, width] = tensor.shape;
  const data = (await tensor.data()) as Float32Array;
  return Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width));
}
