import type { BlockAdapter, Injection, InsertionPoint, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** Adapters that change nothing and keep what they saw. */
export interface InsertionPointRecord {
  readonly injection: Injection;
  /** `[B*T, width]` by name of the insertion point, once a forward pass has run. The caller disposes of them. */
  readonly recorded: ReadonlyMap<string, Tensor2D>;
}

/** An injection that records the activations at insertion points: a model's values layer by layer. */
export function recordInsertionPoints(points: readonly InsertionPoint[]): InsertionPointRecord {
  const recorded = new Map<string, Tensor2D>();
  const adapters = points.map(({ name }): [string, BlockAdapter] => [
    name,
    {
      apply: (hidden) => {
        recorded.set(name, tf.keep(tf.clone(hidden)));
        return hidden;
      },
    },
  ]);
  return { injection: { blockAdapters: new Map(adapters) }, recorded };
}
