import type { LinearTuning, Tensor1D, TunableLinear } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** What tunes the linear layers of one block, by name in the block: `attention.query`. */
export type BlockTunings = (layer: string) => LinearTuning | undefined;

/** Name of a linear layer that may be tuned: `blocks.3.attention.query`. */
export const tunableLinearName = (block: number, layer: string): string => `blocks.${block}.${layer}`;

export interface TunableLinearSizes {
  readonly blockCount: number;
  readonly size: number;
  readonly headCount: number;
  /** Width of each head. @default size / headCount */
  readonly headSize?: number | undefined;
  /** @default headCount */
  readonly keyValueHeadCount?: number | undefined;
  readonly feedForwardSize: number;
  /** @default false */
  readonly gated?: boolean;
}

/** The linear layers of a transformer's blocks, query, key and value by themselves though one product makes them. */
export function tunableLinears(sizes: TunableLinearSizes): TunableLinear[] {
  const { blockCount, size, headCount, keyValueHeadCount = headCount, feedForwardSize, gated } = sizes;
  const { headSize = size / headCount } = sizes;
  const querySize = headSize * headCount;
  const keyValueSize = headSize * keyValueHeadCount;
  const layers: [string, number, number][] = [
    ['attention.query', size, querySize],
    ['attention.key', size, keyValueSize],
    ['attention.value', size, keyValueSize],
    ['attention.output', querySize, size],
    ...(gated ? [['feedForward.gate', size, feedForwardSize] as [string, number, number]] : []),
    ['feedForward.input', size, feedForwardSize],
    ['feedForward.output', feedForwardSize, size],
  ];
  return Array.from({ length: blockCount }, (_, block) =>
    layers.map(([layer, inputSize, outputSize]) => ({
      name: tunableLinearName(block, layer),
      block,
      inputSize,
      outputSize,
    })),
  ).flat();
}

/**
 * Tunings of layers that read the same input as one tuning of the layer that has all their outputs side by side. Their
 * input scales and what they add of low rank cannot be joined so.
 * @param sizes outputs of each
 */
export function joinTunings(
  tunings: readonly (LinearTuning | undefined)[],
  sizes: readonly number[],
): LinearTuning {
  const join = (name: 'outputScale' | 'bias', neutral: number): Tensor1D | undefined =>
    tunings.some((tuning) => tuning?.[name])
      ? tf.concat1d(tunings.map((tuning, index) => tuning?.[name] ?? tf.fill([sizes[index]!], neutral)))
      : undefined;
  const outputScale = join('outputScale', 1); // [sum of sizes]
  const bias = join('bias', 0); // [sum of sizes]
  return { ...(outputScale && { outputScale }), ...(bias && { bias }) };
}
