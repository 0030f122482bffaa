import type { Batch, Tensor2D, TensorShape } from '@eim/contracts/model';
import { tensor2d } from '@tensorflow/tfjs-core';

/** A row of a batch that is no filling. */
export interface AskedBatchRow {
  /** Its place in the batch. */
  readonly place: number;
  /** Its index among the split's rows. */
  readonly index: number;
  /** Index into the batch's pictures. Undefined: text alone. */
  readonly picture: number | undefined;
  /** Ids that its answer follows, the begin token included. */
  readonly promptIds: readonly number[];
}

/** Texts of a batch's rows, as a preparation gives them. */
export interface GivenTexts {
  /** `[R, T]` int32 */
  readonly givenIds: Tensor2D;
  /** `[R, T]`, 1 where an id is real */
  readonly givenMask: Tensor2D;
  /** `[R, T]`, what each token counts as a target */
  readonly givenWeights: Tensor2D;
}

/** Shapes of {@link GivenTexts}: those of the batch's own texts. */
export function givenShapes({ ids }: Batch): Record<keyof GivenTexts, TensorShape> {
  const { shape } = ids;
  return { givenIds: { shape, dtype: 'int32' }, givenMask: { shape }, givenWeights: { shape } };
}

/** The texts of a batch read back, of which answers may be replaced by others of at most the batch's length. */
export class RowTexts {
  readonly rows: readonly AskedBatchRow[];
  /** T. */
  readonly length: number;
  readonly #ids: Int32Array;
  readonly #mask: Float32Array;
  readonly #weights: Float32Array;

  private constructor(batch: Batch, firstTarget: number, read: readonly (ArrayLike<number> | undefined)[]) {
    const [ids, mask, promptMask, targets, weights, indices, pictures, modality] = read;
    const length = batch.ids.shape[1];
    this.length = length;
    this.#ids = Int32Array.from(ids!);
    this.#mask = Float32Array.from(mask!);
    this.#weights = new Float32Array(this.#ids.length);
    for (let target = 0; target < targets!.length; target += 1) {
      if (weights![target] !== 0) this.#weights[targets![target]!] = weights![target]!;
    }
    const sumOf = (values: ArrayLike<number>, row: number) =>
      Array.from({ length }, (_, at) => values[row * length + at]!).reduce((sum, value) => sum + value, 0);
    this.rows = Array.from({ length: batch.rowCount }, (_, place) => place)
      .filter((place) => sumOf(mask!, place) > 0)
      .map((place) => {
        const before = firstTarget + (promptMask ? sumOf(promptMask, place) : 0);
        const isShown = batch.pictureCount > 0 && pictures && modality?.[place] !== 0;
        const start = place * length;
        return {
          place,
          index: indices![place]!,
          picture: isShown ? pictures[place]! : undefined,
          promptIds: Array.from(this.#ids.subarray(start, start + before)),
        };
      });
  }

  /** @param firstTarget 1 where rows start with a begin token, else 0 */
  static async of(batch: Batch, firstTarget: number): Promise<RowTexts> {
    const { ids, mask, promptMask, targetIndices, targetWeights, rowIndices, rowPictures, modality } = batch;
    const tensors = [ids, mask, promptMask, targetIndices, targetWeights, rowIndices, rowPictures, modality];
    return new RowTexts(batch, firstTarget, await Promise.all(tensors.map((tensor) => tensor?.data())));
  }

  /** Puts another answer behind a row's prompt. @param weight what each of its tokens counts */
  replace({ place, promptIds }: AskedBatchRow, answer: readonly number[], weight: number): void {
    const start = place * this.length;
    const from = start + promptIds.length;
    const end = start + this.length;
    this.#weights.fill(0, start, end);
    this.#mask.fill(0, from, end);
    this.#ids.set(answer, from);
    this.#mask.fill(1, from, from + answer.length);
    this.#weights.fill(weight, from, from + answer.length);
  }

  tensors(): GivenTexts {
    const shape: [number, number] = [this.#ids.length / this.length, this.length];
    return {
      givenIds: tensor2d(this.#ids, shape, 'int32') as Tensor2D,
      givenMask: tensor2d(this.#mask, shape) as Tensor2D,
      givenWeights: tensor2d(this.#weights, shape) as Tensor2D,
    };
  }
}
