import { copied, transposed, type WeightsMap } from '@eim/weights';
import type { ClipTextEncoderOptions } from '../clip-text-encoder-options.js';
import { clipBlockRules, normRules } from './clip-block-rules.js';
import type { TowerLayout } from './clip-naming.js';
import { PROJECTIONS } from './is-projected.js';

/** How the text tower's published names become our parameters; OpenAI's have no common prefix. */
export function textWeightsMap(options: ClipTextEncoderOptions, { naming, prefix }: TowerLayout): WeightsMap {
  const { width: size, contextLength, vocabularySize, pooledSize, blockCount, feedForwardSize } = options;
  const openai = naming === 'openai';
  const embeddings = openai ? '' : `${prefix}embeddings.`;
  const positions = openai ? 'positional_embedding' : 'position_embedding.weight';
  const blocks = openai ? 'transformer.resblocks.' : `${prefix}encoder.layers.`;
  return {
    rules: [
      copied('tokens.weight', `${embeddings}token_embedding.weight`, [vocabularySize, size]),
      copied('positions.weight', embeddings + positions, [contextLength, size]),
      ...clipBlockRules({ naming, prefix: blocks, size, feedForwardSize, blockCount }),
      ...normRules('finalNorm', openai ? 'ln_final' : `${prefix}final_layer_norm`, size),
      ...(!options.projected
        ? []
        : openai
          ? [copied('projection.weight', 'text_projection', [size, pooledSize])]
          : [transposed('projection.weight', { name: PROJECTIONS.text, shape: [pooledSize, size] })]),
    ],
    ignores: (name) =>
      openai
        ? !/^(token_embedding|positional_embedding|transformer|ln_final|text_projection)/.test(name)
        : !name.startsWith(prefix) || name.endsWith('.position_ids'),
  };
}
