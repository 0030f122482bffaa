import type { Batch, EncodedImages, ModelParts, Tensor3D, Tensor4D } from '@eim/contracts/model';
import { fill } from '@tensorflow/tfjs-core';
import { buildBatch } from '../data/build-batch.js';
import { firstPatches, type PatchViews } from '../data/patch-views.js';
import type { BatchLength, SplitShape } from './split-shape.js';

export interface ShapeBatchOptions {
  readonly split: SplitShape;
  readonly length: BatchLength;
  /** Distinct rows. */
  readonly batchSize: number;
  readonly captionsPerPicture: number;
  /** What the pictures come as; nothing for an objective that looks at none. */
  readonly images: 'pixels' | EncodedImages | undefined;
  /** `[S, hiddenSize]` of each text, where the LLM's frozen lower blocks have run. */
  readonly textStates?: readonly [positions: number, hiddenSize: number] | undefined;
  /** What is shown of each picture. Absent: all of it. */
  readonly patchViews?: PatchViews | undefined;
}

/** Places for pictures in every batch of a split. */
export function pictureSlots({ oneEach, pictureCount }: SplitShape, batchSize: number): number {
  return oneEach ? batchSize : Math.min(batchSize, pictureCount);
}

/** A batch as a training step gets it, of shapes alone: to be made in a shapes pass. */
export function shapeBatch({ encoder }: Pick<ModelParts, 'encoder'>, options: ShapeBatchOptions): Batch {
  const { split, length, batchSize, captionsPerPicture, images, patchViews, textStates } = options;
  const textCount = batchSize * captionsPerPicture;
  const slots = images ? pictureSlots(split, batchSize) : 0;
  const { batch } = buildBatch({
    rows: Array.from({ length: textCount }, () => ({ tokens: undefined, index: 0 })),
    pictures: {
      slots,
      chosen: [],
      slotOfRow: new Int32Array(textCount),
      rowsPerPicture: split.oneEach ? captionsPerPicture : undefined,
      someTextAlone: split.someTextAlone && slots > 0,
      mayHaveFilling: !split.oneEach && slots > 0,
    },
    textLength: length.textLength,
    targetCapacity: length.targetCount(textCount),
    // Where prompts begin changes no shape.
    texts: { hasPrompts: split.hasPrompts, firstTarget: 0 },
    padId: 0,
    keptPatches: patchViews && slots > 0 ? firstPatches(patchViews, slots) : undefined,
    features: images === 'pixels' ? undefined : images,
    textStates: textStates && (fill([textCount, ...textStates], 0) as Tensor3D), // [R, S, H]
  });
  return images === 'pixels' ? { ...batch, pixels: shapePixels(encoder, slots) } : batch;
}

/** `[P, H, W, 3]` */
export function shapePixels({ preprocessing }: ModelParts['encoder'], pictureCount: number): Tensor4D {
  const { imageSize } = preprocessing;
  return fill([pictureCount, imageSize, imageSize, 3], 0) as Tensor4D;
}
