import type { Batch, EncodedImages, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@eim/contracts/model';
import { tensor1d, tensor2d, tensor4d } from '@tensorflow/tfjs-core';
import type { RowTokens } from '../../rows/row-tokens.js';
import type { BatchPictures } from './batch-pictures.js';
import type { TokenisedRows } from './tokenised-rows.js';

/** One row of a batch. */
export interface BatchRow {
  /** Absent: the row is filling. */
  readonly tokens: RowTokens | undefined;
  /** Index of the row among the split's rows. */
  readonly index: number;
}

export interface BatchContents {
  readonly rows: readonly BatchRow[];
  readonly pictures: BatchPictures;
  readonly textLength: number;
  /** `N` */
  readonly targetCapacity: number;
  /** Whether rows may have prompts, and where those begin. */
  readonly texts: Pick<TokenisedRows, 'hasPrompts' | 'firstTarget'>;
  readonly padId: number;
  /** Normalised pictures `[P * side * side * 3]`; absent where `features` takes their place. */
  readonly pixels?: { readonly data: Float32Array; readonly side: number } | undefined;
  /** Patches of each view of a picture place: `[views * P * K]`. */
  readonly keptPatches?: { readonly indices: Int32Array; readonly kept: number } | undefined;
  readonly features?: EncodedImages | undefined;
  /** `[R, S, hiddenSize]` */
  readonly textStates?: Tensor3D | undefined;
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
  const { rows, textLength, targetCapacity, padId, pictures, pixels, features, keptPatches, textStates } =
    contents;
  const { hasPrompts, firstTarget } = contents.texts;
  const shape: [number, number] = [rows.length, textLength];
  const ids = new Int32Array(rows.length * textLength).fill(padId);
  const mask = new Float32Array(rows.length * textLength);
  const promptMask = new Float32Array(hasPrompts ? rows.length * textLength : 0);
  const targetIndices = new Int32Array(targetCapacity);
  const targetWeights = new Float32Array(targetCapacity);
  let seen = 0;
  rows.forEach(({ tokens }, row) => {
    if (!tokens) return;
    const start = row * textLength;
    ids.set(tokens.ids, start);
    mask.fill(1, start, start + tokens.ids.length);
    if (hasPrompts) promptMask.fill(1, start + firstTarget, start + tokens.promptLength);
    for (let range = 0; range < tokens.supervised.length; range += 2) {
      for (let at = tokens.supervised[range]!; at < tokens.supervised[range + 1]!; at += 1) {
        if (seen < targetCapacity) {
          targetIndices[seen] = start + at;
          targetWeights[seen] = 1;
        }
        seen += 1;
      }
    }
  });
  const { slots, slotOfRow, rowsPerPicture } = pictures;
  const batch: Batch = {
    rowCount: rows.length,
    pictureCount: slots,
    ids: tensor2d(ids, shape, 'int32') as Tensor2D, // [R, T]
    mask: tensor2d(mask, shape) as Tensor2D, // [R, T]
    ...(hasPrompts && { promptMask: tensor2d(promptMask, shape) as Tensor2D }), // [R, T]
    targetIndices: tensor1d(targetIndices, 'int32') as Tensor1D, // [N]
    targetWeights: tensor1d(targetWeights) as Tensor1D, // [N]
    rowIndices: tensor1d(
      Int32Array.from(rows, ({ tokens, index }) => (tokens ? index : 0)),
      'int32',
    ) as Tensor1D, // [R]
    ...(slots > 0 && {
      rowPictures: tensor1d(
        slotOfRow.map((slot) => Math.max(0, slot)),
        'int32',
      ) as Tensor1D, // [R]
    }),
    ...(pictures.someTextAlone && {
      modality: tensor1d(
        slotOfRow.map((slot) => (slot < 0 ? 0 : 1)),
        'int32',
      ) as Tensor1D, // [R]
    }),
    ...(pictures.mayHaveFilling && {
      pictureMask: tensor1d(
        Float32Array.from({ length: slots }, (_, slot) => (slot < pictures.chosen.length ? 1 : 0)),
      ) as Tensor1D, // [P]
    }),
    ...(rowsPerPicture !== undefined && { rowsPerPicture }),
    ...(pixels && {
      pixels: tensor4d(pixels.data, [slots, pixels.side, pixels.side, 3]) as Tensor4D, // [P, H, W, 3]
    }),
    ...(keptPatches && {
      keptPatches: tensor2d(
        keptPatches.indices,
        [keptPatches.indices.length / keptPatches.kept, keptPatches.kept],
        'int32',
      ) as Tensor2D, // [views * P, K]
    }),
    ...(features && { features }),
    ...(textStates && { textStates }),
  };
  return {
    batch,
    targetCount: Math.min(seen, targetCapacity),
    leftOut: Math.max(0, seen - targetCapacity),
  };
}
