import type { Batch } from '@eim/contracts/model';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type ContrastVectors, collectVectors } from './collect-vectors.js';
import { neighbourAgreement } from './neighbour-agreement.js';
import { type RetrievalVectors, retrievalAt } from './retrieval.js';
import { symmetricContrast } from './symmetric-contrast.js';

export type ContrastMetric = 'loss' | 'retrieval@1' | 'retrieval@5' | 'neighbour-agreement';

/**
 * Held-out `loss` (InfoNCE over the whole split, each picture against the mean of its captions),
 * `retrieval@1`, `retrieval@5`, and the `neighbour-agreement` of what the encoder gives.
 * @param scale inverse temperature of the loss
 */
export async function contrastMetrics(
  batches: AsyncIterable<Batch>,
  vectorsOf: (batch: Batch) => ContrastVectors,
  scale: number,
): Promise<Record<ContrastMetric, number>> {
  const vectors = await collectVectors(batches, vectorsOf);
  const loss = tidy(() => {
    const { width, pictures } = vectors;
    const shape: [number, number] = [pictures.length / width, width];
    return symmetricContrast(tensor2d(pictures, shape), tensor2d(meanByOwner(vectors), shape), scale);
  });
  const [value] = await loss.data();
  loss.dispose();
  return {
    loss: value!,
    ...(await retrievalAt(vectors, [1, 5])),
    'neighbour-agreement': await neighbourAgreement(vectors.encoded, vectors.words),
  };
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
