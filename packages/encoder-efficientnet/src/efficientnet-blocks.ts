import { type InvertedResidualSizes, invertedResiduals, roundedChannels } from '@eim/nn';
import type { EfficientNetOptions } from './efficientnet-options.js';

/** Sizes of an EfficientNet-Lite's blocks in order: stem, first and last stage are as many blocks in every network. */
export function efficientNetBlocks(options: EfficientNetOptions): InvertedResidualSizes[] {
  const { stemSize, stages, expansion, widthCoefficient, depthCoefficient } = options;
  return invertedResiduals(
    stemSize,
    expansion,
    stages.map(({ channels, blocks, ...stage }, index) => ({
      ...stage,
      outputSize: roundedChannels(channels, widthCoefficient),
      blocks: index === 0 || index === stages.length - 1 ? blocks : Math.ceil(blocks * depthCoefficient),
    })),
  );
}
