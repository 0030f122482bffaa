import { transformerParameterCount } from '@eim/nn';
import type { ClipEncoderOptions } from './clip-encoder-options.js';
import type { ClipTextEncoderOptions } from './clip-text-encoder-options.js';

type VisionSizes = Pick<
  ClipEncoderOptions,
  'imageSize' | 'patchSize' | 'width' | 'blockCount' | 'feedForwardSize' | 'pooledSize'
> & { readonly projected?: boolean };
type TextSizes = Pick<
  ClipTextEncoderOptions,
  'vocabularySize' | 'contextLength' | 'width' | 'blockCount' | 'feedForwardSize' | 'pooledSize'
> & { readonly projected?: boolean };

/** Parameters of an image tower of these sizes, without building it. */
export function clipParameterCount(options: VisionSizes): number {
  const { imageSize, patchSize, width, blockCount, feedForwardSize, pooledSize, projected = true } = options;
  const patches = patchSize * patchSize * 3 * width;
  const classToken = width;
  const positions = ((imageSize / patchSize) ** 2 + 1) * width;
  const norms = 2 * 2 * width;
  const blocks = transformerParameterCount({ size: width, feedForwardSize, blockCount });
  return patches + classToken + positions + norms + blocks + (projected ? width * pooledSize : 0);
}

/** Parameters of a text tower of these sizes, without building it. */
export function clipTextParameterCount(options: TextSizes): number {
  const {
    vocabularySize,
    contextLength,
    width,
    blockCount,
    feedForwardSize,
    pooledSize,
    projected = true,
  } = options;
  const embeddings = (vocabularySize + contextLength) * width;
  const blocks = transformerParameterCount({ size: width, feedForwardSize, blockCount });
  return embeddings + blocks + 2 * width + (projected ? width * pooledSize : 0);
}
