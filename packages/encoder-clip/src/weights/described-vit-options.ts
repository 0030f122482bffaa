import type { WeightsDescription } from '@eim/contracts';
import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';
import type { ClipNaming } from './clip-block-rules.js';
import { describedPart } from './described-part.js';
import { describedPreprocessing } from './described-preprocessing.js';

/**
 * Options of published ViT weights: sizes from the tensors, the rest from the description where there is one.
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
    const imageSize = sideOf(tokens('visual.positional_embedding')) * patchSize;
    return {
      imageSize,
      patchSize,
      width,
      blockCount: count(/^visual\.transformer\.resblocks\.\d+\.ln_1\.weight$/),
      feedForwardSize: shape('visual.transformer.resblocks.0.mlp.c_fc.weight')[0] ?? 4 * width,
      pooledSize: shape('visual.proj')[1] ?? width,
      ...describedPart(weights, naming, 'vision', width),
      ...describedPreprocessing(weights, imageSize),
    };
  }
  const [width = 0, , patchSize = 0] = shape('vision_model.embeddings.patch_embedding.weight');
  const imageSize = sideOf(tokens('vision_model.embeddings.position_embedding.weight')) * patchSize;
  return {
    imageSize,
    patchSize,
    width,
    blockCount: count(/^vision_model\.encoder\.layers\.\d+\.layer_norm1\.weight$/),
    feedForwardSize: shape('vision_model.encoder.layers.0.mlp.fc1.weight')[0] ?? 4 * width,
    pooledSize: shape('visual_projection.weight')[0] ?? width,
    ...describedPart(weights, naming, 'vision', width),
    cropRounding: 'floor',
    ...describedPreprocessing(weights, imageSize),
  };
}

/** Patches along a side, from the number of positions, the class token's among them. */
export const sideOf = (positions: number): number => Math.round(Math.sqrt(Math.max(0, positions - 1)));
