import type { Batch, EncodedImages, ModelParts, Tensor4D } from '@eim/contracts/model';
import { fill } from '@tensorflow/tfjs-core';
import { buildBatch } from '../data/build-batch.js';

export interface ShapeBatchOptions {
  readonly pictureCount: number;
  readonly captionsPerPicture: number;
  readonly textLength: number;
  readonly targetCount: number;
  /** What the pictures come as; nothing for an objective that looks at none. */
  readonly images: 'pixels' | EncodedImages | undefined;
}

/** A batch as a training step gets it, of shapes alone: to be made in a shapes pass. */
export function shapeBatch({ encoder }: Pick<ModelParts, 'encoder'>, options: ShapeBatchOptions): Batch {
  const { pictureCount, captionsPerPicture, textLength, targetCount, images } = options;
  const { batch } = buildBatch({
    ...{ captionsPerPicture, textLength, firstTarget: 0, targetCapacity: targetCount, padId: 0 },
    rows: new Array(pictureCount * captionsPerPicture).fill(new Int32Array(0)),
    ...(images !== undefined && images !== 'pixels' && { features: images }),
  });
  return images === 'pixels' ? { ...batch, pixels: shapePixels(encoder, pictureCount) } : batch;
}

/** `[P, H, W, 3]` */
export function shapePixels({ preprocessing }: ModelParts['encoder'], pictureCount: number): Tensor4D {
  const { imageSize } = preprocessing;
  return fill([pictureCount, imageSize, imageSize, 3], 0) as Tensor4D;
}
