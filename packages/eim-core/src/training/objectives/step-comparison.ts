import type { Row } from '@eim/contracts';
import type {
  Batch,
  Comparison,
  ModelParts,
  ObjectiveContext,
  Tensor,
  Tensor1D,
  Tensor2D,
} from '@eim/contracts/model';
import { ones } from '@tensorflow/tfjs-core';
import { picturesSpokenOf, rowsPerPicture } from './masked-means.js';
import {
  countedOnce,
  findSamePictures,
  meanOfSame,
  type SamePictures,
  samePicturesShapes,
} from './same-pictures.js';
import type { CaptionSimilarity } from './similar-captions.js';

/** Pictures beside what is said of them. */
export interface ComparedPictures<Pictures extends Tensor = Tensor2D> {
  /** `[P, D]`, or `[P, views, D]` */
  readonly pictures: Pictures;
  /** `[P, D]`, the mean over what is said of each picture. */
  readonly texts: Tensor2D;
  /** `[P]`, 1 for a picture that counts. Absent: all do. */
  readonly real?: Tensor1D | undefined;
}

/** What a batch gives to be compared; further tensors beside these. */
type BatchVectors<Pictures extends Tensor> = Omit<ComparedPictures<Pictures>, 'real'> & {
  /** `[R, T]`, 1 on content */
  readonly mask: Tensor2D;
} & Readonly<Record<string, Tensor>>;

export interface StepComparisonOptions<Pictures extends Tensor> {
  /** Rows of the split, by which pictures are known. Absent: every place holds a picture of its own. */
  readonly rows?: readonly Row[] | undefined;
  /** Absent: nobody asks how alike pictures are described. */
  readonly similarity?: CaptionSimilarity | undefined;
  vectors(parts: ModelParts, batch: Batch, context: ObjectiveContext): BatchVectors<Pictures>;
  /** @param others further vectors by name */
  loss(
    pictures: ComparedPictures<Pictures>,
    prepared: { readonly similar?: Tensor | undefined },
    others: Readonly<Record<string, Tensor>>,
  ): Tensor;
  /** Further vectors that have a row for each picture. @default [] */
  readonly ofPictures?: readonly string[] | undefined;
}

/**
 * Compares the pictures of all batches of a step with what is said of them. A picture that stands in several batches counts
 * once, with all that they say of it, as it would in one batch.
 */
export function stepComparison<Pictures extends Tensor>(
  options: StepComparisonOptions<Pictures>,
): Comparison {
  const { rows, similarity, ofPictures = [] } = options;
  return {
    vectors(parts, batch, context) {
      const { mask, ...vectors } = options.vectors(parts, batch, context);
      const real = picturesSpokenOf(mask, batch) ?? ones([batch.pictureCount]); // [P]
      return { ...vectors, real, said: rowsPerPicture(mask, batch) };
    },
    preparation: {
      shapes(_, batches) {
        const shapes = samePicturesShapes(batches);
        return { ...shapes, ...(similarity && { similar: shapes.same }) };
      },
      async prepare(_, batches) {
        const { shown, ...pictures } = await findSamePictures(batches, rows);
        return { ...pictures, ...(similarity && { similar: similarity.of(shown) }) };
      },
    },
    loss({ pictures, texts, real, said, ...others }, prepared) {
      const same = prepared as unknown as SamePictures;
      const merged = ofPictures.map((name) => [name, meanOfSame(others[name]!, same)] as const);
      return options.loss(
        {
          pictures: meanOfSame(pictures as Pictures, same),
          texts: meanOfSame(texts as Tensor2D, same, said),
          real: countedOnce(real!, same),
        },
        prepared,
        { ...others, ...Object.fromEntries(merged) },
      );
    },
  };
}
