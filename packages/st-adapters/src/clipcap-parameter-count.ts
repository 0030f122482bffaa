import { transformerParameterCount } from '@eim/nn';
import type { ClipCapMlpOptions } from './clipcap-mlp-options.js';
import type { ClipCapTransformerOptions } from './clipcap-transformer-options.js';

interface Widths {
  readonly pooledSize: number;
  readonly hiddenSize: number;
}

/** Parameters of ClipCap's MLP mapper between these widths, without building it. */
export function clipCapMlpParameterCount(
  { prefixLength }: Pick<ClipCapMlpOptions, 'prefixLength'>,
  { pooledSize, hiddenSize }: Widths,
): number {
  const outputSize = hiddenSize * prefixLength;
  const innerSize = Math.floor(outputSize / 2);
  return (pooledSize + 1) * innerSize + (innerSize + 1) * outputSize;
}

/** Parameters of ClipCap's transformer mapper between these widths, without building it. */
export function clipCapTransformerParameterCount(
  options: Omit<ClipCapTransformerOptions, 'headCount' | 'normalisePrefix'>,
  { pooledSize, hiddenSize }: Widths,
): number {
  const { prefixLength, clipLength, blockCount, feedForwardRatio } = options;
  const spread = (pooledSize + 1) * clipLength * hiddenSize;
  const constants = prefixLength * hiddenSize;
  const blocks = transformerParameterCount({
    size: hiddenSize,
    feedForwardSize: Math.floor(feedForwardRatio * hiddenSize),
    blockCount,
    queryKeyValueBias: false,
  });
  return spread + constants + blocks;
}
