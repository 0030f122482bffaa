import type { WeightsDescription } from '@eim/contracts';
import type { ClipResnetOptionsInput } from '../resnet/clip-resnet-options.js';
import { describedPreprocessing } from './described-preprocessing.js';
import { sideOf } from './described-vit-options.js';
import { hasOpenClipConfig, openClipPart } from './open-clip-config.js';

/** Width of a head in every model of OpenAI's. */
const HEAD_SIZE = 64;

/** Options of a published residual image tower: sizes are the tensors', the rest the description's where there is one. */
export function describedResnetOptions(weights: WeightsDescription): ClipResnetOptionsInput {
  const shape = (name: string): readonly number[] => (weights.has(name) ? weights.info(name).shape : []);
  const blocksOf = (stage: number): number =>
    weights.tensorNames.filter((name) =>
      new RegExp(`^visual\\.layer${stage}\\.\\d+\\.conv1\\.weight$`).test(name),
    ).length;
  const [width = 0] = shape('visual.conv3.weight');
  const imageSize = 32 * sideOf(shape('visual.attnpool.positional_embedding')[0] ?? 0);
  return {
    imageSize,
    width,
    stages: [blocksOf(1), blocksOf(2), blocksOf(3), blocksOf(4)],
    headCount: headCountOf(weights, width, imageSize),
    pooledSize: shape('visual.attnpool.c_proj.weight')[0] ?? 0,
    ...describedPreprocessing(weights, imageSize),
  };
}

/** Heads of the attention that pools the grid, which is 32 times as wide as the stem. */
function headCountOf(weights: WeightsDescription, width: number, imageSize: number): number {
  if (!hasOpenClipConfig(weights)) return (32 * width) / HEAD_SIZE;
  return openClipPart(weights, 'vision', 32 * width, { width, imageSize }).headCount;
}
