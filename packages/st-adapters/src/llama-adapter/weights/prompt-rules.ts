import { copied, type WeightRule } from '@eim/weights';
import { gateName } from './llama-adapter-layout.js';

export interface PromptSizes {
  readonly promptLength: number;
  readonly layerCount: number;
  readonly hiddenSize: number;
  readonly headCount: number;
  /** Of the LLM. */
  readonly blockCount: number;
}

/** The rows `first` to `first + count` of one published tensor. */
const rows = (
  target: string,
  source: { readonly name: string; readonly shape: readonly [number, number] },
  first: number,
  count: number,
): WeightRule => ({
  target,
  sources: [source],
  combine: ([values]) => values!.slice(first * source.shape[1], (first + count) * source.shape[1]),
});

/** `adapter_query` holds the prompts of all adapted blocks below each other. */
export function promptRules({ promptLength, layerCount, hiddenSize, blockCount }: PromptSizes): WeightRule[] {
  const source = { name: 'adapter_query.weight', shape: [layerCount * promptLength, hiddenSize] } as const;
  return Array.from({ length: layerCount }, (_, index) =>
    rows(`blocks.${blockCount - layerCount + index}.prompts`, source, index * promptLength, promptLength),
  );
}

/** @param blocks those whose gates are read @param prefix before the published names */
export const gateRules = (blocks: readonly number[], headCount: number, prefix = ''): WeightRule[] =>
  blocks.map((block) => copied(`blocks.${block}.gate`, gateName(block, prefix), [1, headCount, 1, 1]));
