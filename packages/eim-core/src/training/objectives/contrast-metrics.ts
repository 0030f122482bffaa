import type { Batch, EvaluationContext } from '@eim/contracts/model';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type ContrastVectors, collectVectors } from './collect-vectors.js';
import { meanOfEach } from './mean-of-each.js';
import { neighbourAgreements } from './neighbour-agreement.js';
import { type RetrievalVectors, retrievalOfEach } from './retrieval.js';
import { symmetricContrast } from './symmetric-contrast.js';

export type ContrastMetric = 'loss' | 'retrieval@1' | 'retrieval@5' | 'neighbour-agreement';

/**
 * Held-out `loss` (InfoNCE over the whole split, each picture against the mean of its captions),
 * `retrieval@1`, `retrieval@5`, and the `neighbour-agreement` of what the encoder gives.
 * @param scale inverse temperature of the loss
 * @param context of the evaluation; where it asks for single pictures, it gets all metrics of each but the loss
 */
export async function contrastMetrics(
  batches: AsyncIterable<Batch>,
  vectorsOf: (batch: Batch) => ContrastVectors,
  scale: number,
  { each }: Pick<EvaluationContext, 'each'> = {},
): Promise<Record<ContrastMetric, number>> {
  const vectors = await collectVectors(batches, vectorsOf);
  const loss = tidy(() => {
    const { width, pictures } = vectors;
    const shape: [number, number] = [pictures.length / width, width];
    return symmetricContrast(tensor2d(pictures, shape), tensor2d(meanByOwner(vectors), shape), scale);
  });
  const [value] = await loss.data();
  loss.dispose();
  const ofPictures = {
    ...(await retrievalOfEach(vectors, [1, 5])),
    'neighbour-agreement': await neighbourAgreements(vectors.encoded, vectors.words),
  };
  for (const [metric, values] of Object.entries(ofPictures)) each?.(metric, Float32Array.from(values));
  return {
    loss: value!,
    'retrieval@1': meanOfEach(ofPictures['retrieval@1']),
    'retrieval@5': meanOfEach(ofPictures['retrieval@5']),
    'neighbour-agreement': meanOfEach(ofPictures['neighbour-agreement']),
  };
}

/**
 * Multiply-adds of {@link contrastMetrics} beyond the vectors themselves: each picture with each text, to and fro, with each
 * caption, and with each other picture.
 */
export function comparisonCost(
  { pictures, captions }: { readonly pictures: number; readonly captions: number },
  { compared, encoded }: { readonly compared: number; readonly encoded: number },
): number {
  return pictures * (2 * pictures * compared + captions * compared + pictures * encoded);
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
