import { type InvertedResidualSizes, invertedResiduals, roundedChannels } from '@eim/nn';
import type { MobileNetOptions } from './mobilenet-options.js';

/** Sizes of a MobileNetV2's blocks in order. */
export function mobileNetBlocks(options: MobileNetOptions): InvertedResidualSizes[] {
  const { stemSize, stages, expansion, widthMultiplier } = options;
  return invertedResiduals(
    roundedChannels(stemSize, widthMultiplier),
    expansion,
    stages.map(({ channels, ...stage }) => ({
      ...stage,
      outputSize: roundedChannels(channels, widthMultiplier),
    })),
  );
}
