import type { Row } from '@eim/contracts';
import type { Batch, Tensor } from '@eim/contracts/model';
import { add, cast, gather, mul, range, reshape, sub } from '@tensorflow/tfjs-core';
import { logSumExp } from './log-sum-exp.js';
import type { PredictedTargets } from './predict-targets.js';

/** Losses of single targets of a batch, times their weights `[N]`, and these weights `[N]`. */
export type TargetLosses = [losses: Tensor, weights: Tensor];

/** Sorts the losses of tokens by the pictures whose captions they are in; rows without a picture count by themselves. */
export class PictureLosses {
  readonly #rows: readonly Row[] | undefined;
  /** By picture, in the order in which they are first met. */
  readonly #totals = new Map<string, number>();
  #weight = 0;

  constructor(rows: readonly Row[] | undefined) {
    this.#rows = rows;
  }

  /** What {@link add} needs of a batch; to be called in a tidy. */
  ofTargets({ logits, targets, weights }: PredictedTargets): TargetLosses {
    const [count, classes] = logits.shape;
    const starts = cast(mul(range(0, count, 1, 'int32'), classes), 'int32'); // [N]
    const places = add(targets, starts); // [N]
    const ofTargets = gather(reshape(logits, [-1]), places); // [N]
    const losses = mul(sub(logSumExp(logits, 1), ofTargets), weights); // [N]
    // A copy, as the weights may be a tensor of the batch itself.
    return [losses, weights.clone()];
  }

  /** Adds the targets of a batch, and frees their tensors. */
  async add({ ids, targetIndices, rowIndices }: Batch, found: TargetLosses): Promise<void> {
    const textLength = ids.shape[1];
    const [losses, weights, indices, rows] = await Promise.all([
      found[0].data(),
      found[1].data(),
      targetIndices.data(),
      rowIndices.data(),
    ]);
    found[0].dispose();
    found[1].dispose();
    weights.forEach((weight, target) => {
      if (weight === 0) return;
      const row = rows[Math.floor(indices[target]! / textLength)]!;
      const key = this.#rows?.[row]?.picture?.fingerprint ?? `row ${row}`;
      this.#totals.set(key, (this.#totals.get(key) ?? 0) + losses[target]!);
      this.#weight += weight;
    });
  }

  /** One loss a picture: its tokens' in sum, scaled so that the mean over pictures is the mean over all tokens. */
  values(): Float32Array {
    const scale = this.#totals.size / Math.max(1, this.#weight);
    return Float32Array.from(this.#totals.values(), (total) => total * scale);
  }
}
