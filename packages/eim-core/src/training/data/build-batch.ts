import type { Batch, EncodedImages, Tensor1D, Tensor2D, Tensor4D } from '@eim/contracts/model';
import { tensor1d, tensor2d, tensor4d } from '@tensorflow/tfjs-core';

export interface BatchContents {
  readonly captionsPerPicture: number;
  /** `pictureCount * captionsPerPicture` rows; an empty row is filling. */
  readonly rows: readonly Int32Array[];
  readonly textLength: number;
  readonly firstTarget: 0 | 1;
  /** `N` */
  readonly targetCapacity: number;
  readonly padId: number;
  /** Normalised pictures `[P * side * side * 3]`, or what a cache gives in their place. */
  readonly pixels?: { readonly data: Float32Array; readonly side: number };
  readonly features?: EncodedImages;
}

export interface BuiltBatch {
  readonly batch: Batch;
  /** Targets in the batch. */
  readonly targetCount: number;
  /** Targets that `targetCapacity` had no room for. */
  readonly leftOut: number;
}

/** Lays rows and pictures out as the tensors of one step. The caller disposes of them. */
export function buildBatch(contents: BatchContents): BuiltBatch {
  const { rows, textLength, firstTarget, targetCapacity, captionsPerPicture, padId, pixels } = contents;
  const ids = new Int32Array(rows.length * textLength).fill(padId);
  const mask = new Float32Array(rows.length * textLength);
  const targetIndices = new Int32Array(targetCapacity);
  const targetWeights = new Float32Array(targetCapacity);
  let seen = 0;
  rows.forEach((row, index) => {
    ids.set(row, index * textLength);
    mask.fill(1, index * textLength, index * textLength + row.length);
    for (let position = firstTarget; position < row.length; position += 1) {
      if (seen < targetCapacity) {
        targetIndices[seen] = index * textLength + position;
        targetWeights[seen] = 1;
      }
      seen += 1;
    }
  });
  const pictureCount = rows.length / captionsPerPicture;
  const batch: Batch = {
    pictureCount,
    rowCount: rows.length,
    captionsPerPicture,
    ids: tensor2d(ids, [rows.length, textLength], 'int32') as Tensor2D, // [R, T]
    mask: tensor2d(mask, [rows.length, textLength]) as Tensor2D, // [R, T]
    targetIndices: tensor1d(targetIndices, 'int32') as Tensor1D, // [N]
    targetWeights: tensor1d(targetWeights) as Tensor1D, // [N]
    ...(pixels && {
      pixels: tensor4d(pixels.data, [pictureCount, pixels.side, pixels.side, 3]) as Tensor4D, // [P, H, W, 3]
    }),
    ...(contents.features && { features: contents.features }),
  };
  return {
    batch,
    targetCount: Math.min(seen, targetCapacity),
    leftOut: Math.max(0, seen - targetCapacity),
  };
}
