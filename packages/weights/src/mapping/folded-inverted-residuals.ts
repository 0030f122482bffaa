import { foldedConvolution } from './folded-convolution.js';
import type { WeightRule } from './weights-map.js';

/** Names of a convolution and of the batch norm behind it, without `.weight`. */
export interface NormedConvolution {
  readonly convolution: string;
  readonly norm: string;
}

/** A network of inverted residual blocks (Sandler et al. 2018), and what a file calls its convolutions. */
export interface FoldedInvertedResiduals {
  readonly blocks: readonly {
    readonly inputSize: number;
    readonly outputSize: number;
    readonly innerSize: number;
    readonly side: number;
  }[];
  /** Channels of the last convolution. */
  readonly tokenSize: number;
  /** What the batch norms add to the variance. */
  readonly epsilon: number;
  readonly stem: NormedConvolution;
  readonly last: NormedConvolution;
  /** Names in the block of a number from 0 on. */
  block(index: number): Readonly<Record<'expand' | 'depthwise' | 'project', NormedConvolution>>;
}

/**
 * Rules for `InvertedResidualEncoder` of @eim/nn from PyTorch's tensors, batch norms folded as they are read:
 * `stem`, `blocks.N.expand`, `.depthwise` and `.project`, `last`. A block as wide inside as its input has no `expand`.
 */
export function foldedInvertedResiduals(network: FoldedInvertedResiduals): WeightRule[] {
  const { blocks, tokenSize, epsilon, stem, last } = network;
  return [
    ...foldedConvolution('stem', { ...stem, inputs: 3, outputs: blocks[0]!.inputSize, side: 3, epsilon }),
    ...blocks.flatMap(({ inputSize, outputSize, innerSize, side }, index) => {
      const ours = `blocks.${index}`;
      const { expand, depthwise, project } = network.block(index);
      const wide = { inputs: inputSize, outputs: innerSize, side: 1, epsilon };
      return [
        ...(innerSize === inputSize ? [] : foldedConvolution(`${ours}.expand`, { ...expand, ...wide })),
        ...foldedConvolution(`${ours}.depthwise`, {
          ...depthwise,
          ...{ inputs: innerSize, outputs: innerSize, side, depthwise: true, epsilon },
        }),
        ...foldedConvolution(`${ours}.project`, {
          ...project,
          ...{ inputs: innerSize, outputs: outputSize, side: 1, epsilon },
        }),
      ];
    }),
    ...foldedConvolution('last', {
      ...last,
      ...{ inputs: blocks.at(-1)!.outputSize, outputs: tokenSize, side: 1, epsilon },
    }),
  ];
}
