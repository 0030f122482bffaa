import type { BlockAdapter, Injection, LayerPrompt } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

const numbers = new WeakMap<BlockAdapter, number>();
let count = 0;

/** A number that tells an adapter from others. */
function numberOf(adapter: BlockAdapter): number {
  const known = numbers.get(adapter) ?? ++count;
  numbers.set(adapter, known);
  return known;
}

/**
 * Rows whose injections give the same text may be decoded side by side. What has a row of its own may differ between them:
 * layer prompts, and what adapters have routed. Everything else is the ST's and alike for all of its rows; adapters that
 * do not route could know their rows in a way of their own, so these must be the same objects.
 */
export function injectionKind({
  prefix,
  layerPrompts = [],
  blockAdapters,
  linearTunings,
}: Injection): string {
  return JSON.stringify([
    prefix?.visibleToLater?.size ?? 0,
    prefix?.uncountedLater ?? 0,
    layerPrompts.map(({ layer, prompts, untuned }) => [layer, prompts.shape[1], untuned ?? false]),
    [...(blockAdapters ?? [])].map(([name, adapter]) => [name, adapter.route ? 0 : numberOf(adapter)]),
    [...(linearTunings?.keys() ?? [])],
  ]);
}

/**
 * The injection for rows side by side, each of which has its own, of one {@link injectionKind}.
 * @param injections one a row
 */
export function jointInjection(injections: readonly Injection[]): Injection {
  const [first, ...others] = injections;
  const { layerPrompts, ...alike } = first!;
  if (layerPrompts === undefined || others.length === 0) return first!;
  const joined = layerPrompts.map(
    (prompt, index): LayerPrompt => ({
      ...prompt,
      prompts: tf.concat(injections.map((own) => own.layerPrompts![index]!.prompts)), // [B, K, hiddenSize]
    }),
  );
  return { ...alike, layerPrompts: joined };
}
