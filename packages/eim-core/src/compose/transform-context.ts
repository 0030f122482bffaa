import type {
  Batch,
  ModelParts,
  RandomStream,
  Tensor1D,
  Tensor2D,
  TransformContext,
} from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

export interface PassOptions {
  /** Dropout and the like are active; needs `random`. @default false */
  readonly training?: boolean | undefined;
  readonly random?: RandomStream | undefined;
}

/**
 * Rows and the pictures that they show, without their texts. A `Batch` is one. Rows need not lie in the order of their
 * pictures, and rows without one may stand anywhere.
 */
export type RowLayout = Pick<
  Batch,
  'rowCount' | 'pictureCount' | 'rowPictures' | 'modality' | 'rowsPerPicture'
> & {
  /** `[R, T]` int32, read by an ST with `readsPrompts`. */
  readonly ids?: Tensor2D | undefined;
  /** `[R, T]`, 1 on the prompt */
  readonly promptMask?: Tensor2D | undefined;
  /** Rows of text have pictures of zeros among the pictures, for an ST with `blankPictures`. @default false */
  readonly blanksAreShown?: boolean | undefined;
};

/**
 * A layout in which every row shows a picture of its own, in the order of the pictures.
 * @example
 * const logits = rowLogits(parts, { pixels, ids, mask, ...onePictureEach(16) });
 */
export const onePictureEach = (count: number): RowLayout => ({
  rowCount: count,
  pictureCount: count,
  rowsPerPicture: 1,
});

/** Every row is text alone. */
export const textAlone = (count: number): RowLayout => ({ rowCount: count, pictureCount: 0 });

/** Whether no row is text alone. */
export const allHavePictures = ({ pictureCount, modality }: RowLayout): boolean =>
  pictureCount > 0 && modality === undefined;

/** The context of an ST for `count` pictures, one in each row. */
export function pictureContext(
  { llm }: Pick<ModelParts, 'llm'>,
  count: number,
  options: PassOptions = {},
): TransformContext {
  return context(llm, count, tf.ones<tf.Rank.R1>([count], 'int32'), options);
}

/** The context of an ST for rows. */
export function rowContext(
  { llm }: Pick<ModelParts, 'llm'>,
  rows: RowLayout,
  options: PassOptions = {},
): TransformContext {
  const { rowCount, ids, promptMask } = rows;
  return {
    ...context(llm, rowCount, modalityOf(rows), options),
    ...(ids && promptMask && { promptIds: ids, promptMask }),
  };
}

/** `[R]` int32, 1 for a row with a picture. */
export function modalityOf({ rowCount, pictureCount, modality }: RowLayout): Tensor1D {
  if (modality) return modality;
  return tf.fill<tf.Rank.R1>([rowCount], pictureCount > 0 ? 1 : 0, 'int32');
}

function context(
  llm: ModelParts['llm'],
  batch: number,
  modality: Tensor1D,
  { training, random }: PassOptions,
): TransformContext {
  return {
    batch,
    modality,
    embed: (ids) => llm.embed(ids),
    ...(llm.tokenizer && { tokenizer: llm.tokenizer }),
    ...(training !== undefined && { training }),
    ...(random !== undefined && { random }),
  };
}
