import type { WeightsDescription } from '@eim/core/contracts';
import { ConfigReader } from '@eim/weights';
import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';
import type { ClipNaming } from './clip-block-rules.js';
import { describedPreprocessing } from './described-preprocessing.js';

/** Width of a head in every model of OpenAI's. */
const HEAD_SIZE = 64;

/**
 * Options of published ViT weights: sizes from the tensors, heads from `config.json` where there is one.
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function describedVitOptions(
  weights: WeightsDescription,
  naming: ClipNaming,
): ClipEncoderOptionsInput {
  const shape = (name: string): readonly number[] => (weights.has(name) ? weights.info(name).shape : []);
  const count = (pattern: RegExp): number => weights.tensorNames.filter((name) => pattern.test(name)).length;
  const tokens = (name: string): number => shape(name)[0] ?? 0;
  if (naming === 'openai') {
    const [width = 0, , patchSize = 0] = shape('visual.conv1.weight');
    return {
      imageSize: sideOf(tokens('visual.positional_embedding')) * patchSize,
      patchSize,
      width,
      blockCount: count(/^visual\.transformer\.resblocks\.\d+\.ln_1\.weight$/),
      headCount: width / HEAD_SIZE,
      feedForwardSize: shape('visual.transformer.resblocks.0.mlp.c_fc.weight')[0] ?? 4 * width,
      pooledSize: shape('visual.proj')[1] ?? width,
    };
  }
  const [width = 0, , patchSize = 0] = shape('vision_model.embeddings.patch_embedding.weight');
  const config = (weights.config.vision_config ?? weights.config) as Record<string, unknown>;
  const reader = new ConfigReader(config, `${weights.name} (config.json)`);
  reader.allow('hidden_act', ['quick_gelu']);
  const imageSize = sideOf(tokens('vision_model.embeddings.position_embedding.weight')) * patchSize;
  const options: ClipEncoderOptionsInput = {
    imageSize,
    patchSize,
    width,
    blockCount: count(/^vision_model\.encoder\.layers\.\d+\.layer_norm1\.weight$/),
    headCount: reader.optionalNumber('num_attention_heads') ?? width / HEAD_SIZE,
    feedForwardSize: shape('vision_model.encoder.layers.0.mlp.fc1.weight')[0] ?? 4 * width,
    pooledSize: shape('visual_projection.weight')[0] ?? width,
    normEpsilon: reader.optionalNumber('layer_norm_eps') ?? 1e-5,
    cropRounding: 'floor',
    ...describedPreprocessing(weights, imageSize),
  };
  reader.finish();
  return options;
}

/** Patches along a side, from the number of positions, the class token's among them. */
export const sideOf = (positions: number): number => Math.round(Math.sqrt(Math.max(0, positions - 1)));
