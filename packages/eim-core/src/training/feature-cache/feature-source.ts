import type { EncodedImages } from '@eim/contracts/model';

/** Where batches get the features of a split's pictures from. */
export interface FeatureSource {
  /** Augmented views of each picture; 1 where there is the picture itself alone. */
  readonly viewCount: number;
  /**
   * Features of some pictures as tensors that the caller disposes of.
   * @param slots rows of the tensors; those beyond the pictures are zeros. @default one a picture
   * @param views for each picture which of its views. @default the first
   */
  gather(pictures: readonly number[], slots?: number, views?: readonly number[]): Promise<EncodedImages>;
}
