import type { Batch, Tensor2D } from '@eim/contracts';
import { l2Normalise } from '@eim/engine';
import { sum, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type RetrievalVectors, retrievalAt } from './retrieval.js';
import { symmetricContrast } from './symmetric-contrast.js';

/** What a contrastive loss compares: one vector a picture and one a caption row. */
export interface ContrastVectors {
  /** `[P, D]` */
  readonly pictures: Tensor2D;
  /** `[R, D]` */
  readonly captions: Tensor2D;
  /** `[R, T]`, 1 on content; a row without any is filling. */
  readonly mask: Tensor2D;
}

/**
 * Held-out `loss` (InfoNCE over the whole split, each picture against the mean of its captions),
 * `retrieval@1` and `retrieval@5`.
 * @param scale inverse temperature of the loss
 */
export async function contrastMetrics(
  batches: AsyncIterable<Batch>,
  vectorsOf: (batch: Batch) => ContrastVectors,
  scale: number,
): Promise<Record<'loss' | 'retrieval@1' | 'retrieval@5', number>> {
  const vectors = await collect(batches, vectorsOf);
  const loss = tidy(() => {
    const { width, pictures } = vectors;
    const shape: [number, number] = [pictures.length / width, width];
    return symmetricContrast(tensor2d(pictures, shape), tensor2d(meanByOwner(vectors), shape), scale);
  });
  const [value] = await loss.data();
  loss.dispose();
  return { loss: value!, ...(await retrievalAt(vectors, [1, 5])) };
}

async function collect(
  batches: AsyncIterable<Batch>,
  vectorsOf: (batch: Batch) => ContrastVectors,
): Promise<RetrievalVectors> {
  const pictures: Float32Array[] = [];
  const captions: Float32Array[] = [];
  const owners: number[] = [];
  let width = 0;
  for await (const batch of batches) {
    const read = tidy(() => {
      const { pictures: left, captions: right, mask } = vectorsOf(batch);
      return [l2Normalise(left), l2Normalise(right), sum(mask, 1)] as const;
    });
    const [left, right, tokens] = await Promise.all(read.map((tensor) => tensor.data()));
    width = read[0].shape[1];
    for (const tensor of read) tensor.dispose();
    for (let picture = 0; picture < batch.pictureCount; picture += 1) {
      const first = picture * batch.captionsPerPicture;
      const rows = Array.from({ length: batch.captionsPerPicture }, (_, index) => first + index);
      const real = rows.filter((row) => tokens![row]! > 0);
      if (real.length === 0) continue;
      for (const row of real) {
        captions.push(right!.slice(row * width, (row + 1) * width) as Float32Array);
        owners.push(pictures.length);
      }
      pictures.push(left!.slice(picture * width, (picture + 1) * width) as Float32Array);
    }
  }
  return { width, pictures: join(pictures), captions: join(captions), owners: Int32Array.from(owners) };
}

function meanByOwner({ width, pictures, captions, owners }: RetrievalVectors): Float32Array {
  // The length of the mean does not matter: it is normalised afterwards.
  const total = new Float32Array(pictures.length);
  owners.forEach((owner, caption) => {
    for (let column = 0; column < width; column += 1) {
      total[owner * width + column]! += captions[caption * width + column]!;
    }
  });
  return total;
}

function join(rows: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(rows.reduce((sum_, { length }) => sum_ + length, 0));
  let start = 0;
  for (const row of rows) {
    whole.set(row, start);
    start += row.length;
  }
  return whole;
}
