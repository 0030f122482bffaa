import { copied, permuted, transposed, type WeightsMap } from '@eim/weights';
import type { ClipEncoderOptions } from '../clip-encoder-options.js';
import { clipBlockRules, normRules } from './clip-block-rules.js';
import type { TowerLayout } from './clip-naming.js';
import { PROJECTIONS } from './is-projected.js';

/** How the image tower's published names become our parameters. */
export function vitWeightsMap(options: ClipEncoderOptions, { naming, prefix }: TowerLayout): WeightsMap {
  const { width, patchSize, imageSize, pooledSize, blockCount, feedForwardSize } = options;
  const tokenCount = (imageSize / patchSize) ** 2 + 1;
  const openai = naming === 'openai';
  const embeddings = openai ? prefix : `${prefix}embeddings.`;
  const patches = `${embeddings}${openai ? 'conv1' : 'patch_embedding'}.weight`;
  const positions = `${embeddings}${openai ? 'positional_embedding' : 'position_embedding.weight'}`;
  const blocks = openai ? 'transformer.resblocks.' : 'encoder.layers.';
  return {
    rules: [
      // a convolution [out, channel, row, column] whose strides are its size is a product of patches
      permuted('patches.weight', patches, [width, 3, patchSize, patchSize], [2, 3, 1, 0]),
      copied('classToken', `${embeddings}class_embedding`, [width]),
      copied('positions', positions, [tokenCount, width]),
      ...normRules('preNorm', `${prefix}${openai ? 'ln_pre' : 'pre_layrnorm'}`, width),
      ...clipBlockRules({ naming, prefix: prefix + blocks, size: width, feedForwardSize, blockCount }),
      ...normRules('postNorm', `${prefix}${openai ? 'ln_post' : 'post_layernorm'}`, width),
      ...(!options.projected
        ? []
        : openai
          ? [copied('projection.weight', `${prefix}proj`, [width, pooledSize])]
          : [transposed('projection.weight', { name: PROJECTIONS.vision, shape: [pooledSize, width] })]),
    ],
    // the text tower lies in the same file; position ids are a buffer of older versions
    ignores: (name) => !name.startsWith(prefix) || name.endsWith('.position_ids'),
  };
}
