import type { Row } from '@eim/contracts';
import type { Batch, ObjectiveContext, Parameter, Preparation, Tensor2D } from '@eim/contracts/model';

/** The text half of contrastive training, thrown away with the segment. */
export interface ContrastTexts {
  /** D: the width of its vectors. */
  readonly size: number;
  /** Its vectors lie in the space of the encoder's pooled vectors, so that these need no projection. */
  readonly sharesSpace?: true;
  /** What it needs of a batch and a recorded step cannot work out. Absent: nothing. */
  readonly preparation?: Preparation;
  /**
   * One vector a caption row.
   * @param batch prepared
   * @returns `[R, D]`, not normalised, and `[R, T]`, 1 on the tokens of the caption
   */
  encode(batch: Batch, context: ObjectiveContext): { readonly vectors: Tensor2D; readonly mask: Tensor2D };
  /** What learns of it. */
  parameters(): readonly Parameter[];
  /** Texts of the rows of another split may be longer than those of the one that is trained on. */
  preparationFor?(rows: readonly Row[]): Preparation;
  dispose(): void;
}
