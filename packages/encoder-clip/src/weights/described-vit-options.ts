import type { WeightsDescription } from '@eim/contracts';
import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';
import type { TowerLayout } from './clip-naming.js';
import { describedPart } from './described-part.js';
import { describedPreprocessing } from './described-preprocessing.js';
import { isProjected, PROJECTIONS } from './is-projected.js';

/**
 * Options of published ViT weights: sizes from the tensors, the rest from the description where there is one.
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function describedVitOptions(
  weights: WeightsDescription,
  { naming, prefix }: TowerLayout,
): ClipEncoderOptionsInput {
  const shape = (name: string): readonly number[] => (weights.has(name) ? weights.info(name).shape : []);
  const count = (end: RegExp): number =>
    weights.tensorNames.filter((name) => name.startsWith(prefix) && end.test(name.slice(prefix.length)))
      .length;
  const tokens = (name: string): number => shape(name)[0] ?? 0;
  if (naming === 'openai') {
    const [width = 0, , patchSize = 0] = shape(`${prefix}conv1.weight`);
    const imageSize = sideOf(tokens(`${prefix}positional_embedding`)) * patchSize;
    const sizes = {
      imageSize,
      patchSize,
      width,
      blockCount: count(/^transformer\.resblocks\.\d+\.ln_1\.weight$/),
      feedForwardSize: shape(`${prefix}transformer.resblocks.0.mlp.c_fc.weight`)[0] ?? 4 * width,
    };
    return {
      ...sizes,
      pooledSize: shape(`${prefix}proj`)[1] ?? width,
      projected: true,
      ...describedPart(weights, naming, 'vision', sizes),
      ...describedPreprocessing(weights, imageSize),
    };
  }
  const [width = 0, , patchSize = 0] = shape(`${prefix}embeddings.patch_embedding.weight`);
  const imageSize = sideOf(tokens(`${prefix}embeddings.position_embedding.weight`)) * patchSize;
  const sizes = {
    imageSize,
    patchSize,
    width,
    blockCount: count(/^encoder\.layers\.\d+\.layer_norm1\.weight$/),
    feedForwardSize: shape(`${prefix}encoder.layers.0.mlp.fc1.weight`)[0] ?? 4 * width,
  };
  const projected = isProjected(weights, 'vision');
  const projection = projected ? shape(PROJECTIONS.vision)[0] : undefined;
  return {
    ...sizes,
    pooledSize: projection ?? width,
    projected,
    ...describedPart(weights, naming, 'vision', sizes, projection),
    cropRounding: 'floor',
    ...describedPreprocessing(weights, imageSize),
  };
}

/** Patches along a side, from the number of positions, the class token's among them. */
export const sideOf = (positions: number): number => Math.round(Math.sqrt(Math.max(0, positions - 1)));
