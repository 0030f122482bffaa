import type { Tensor3D } from '@eim/contracts/model';
import type { RowTokens } from '../../rows/row-tokens.js';

/** A text of a batch, behind its picture in one of its views. */
export interface ShownText {
  /** As the split holds them: a text is known by this very object. Absent: filling. */
  readonly tokens: RowTokens | undefined;
  /** 0 where there are none. */
  readonly view: number;
}

/** Where batches get what the frozen lower blocks of the LLM make of a split's texts. */
export interface TextStateSource {
  /**
   * @param textLength that the batch's texts are padded to
   * @returns `[R, K + textLength - 1, hiddenSize]`, zeros behind a text's own length and for filling; the caller disposes of it
   */
  gather(texts: readonly ShownText[], textLength: number): Promise<Tensor3D>;
}
