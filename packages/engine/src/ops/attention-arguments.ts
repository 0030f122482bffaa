import type { RandomStream } from '@eim/contracts/model';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

export interface AttentionArguments {
  /** `[B*T, H*d]` */
  readonly query: Tensor2D;
  /** `[B*S, G*d]` */
  readonly key: Tensor2D;
  /** `[B*S, G*d]` */
  readonly value: Tensor2D;
  readonly batch: number;
  /** H */
  readonly headCount: number;
  /** G: each key head serves H / G consecutive query heads. @default headCount */
  readonly keyValueHeadCount?: number;
  /** Added to the scaled scores; broadcastable to `[B, H, T, S]`. */
  readonly bias?: Tensor;
  /** @default 1 / sqrt(d) */
  readonly scale?: number;
  /** Of the attention probabilities. */
  readonly dropout?: { readonly rate: number; readonly random: RandomStream };
}

/** The sizes of one attention, worked out and checked. */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly groups: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
}
