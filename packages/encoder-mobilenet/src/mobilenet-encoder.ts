import { InvertedResidualEncoder, type ParameterScope } from '@eim/nn';
import { mobileNetBlocks } from './mobilenet-blocks.js';
import type { MobileNetOptions } from './mobilenet-options.js';

/** MobileNetV2 without its classifier, batch norms folded. `tokens` are the last grid, `pooled` is its mean. */
export class MobileNetEncoder extends InvertedResidualEncoder {
  /** @param scope where the parameters are created; they may get their values later */
  constructor(options: MobileNetOptions, scope: ParameterScope) {
    const { imageSize, resizeSide, tokenSize, mean, standardDeviation } = options;
    const preprocessing = {
      imageSize,
      ...(resizeSide === undefined
        ? ({ resize: 'stretch', filter: 'bilinear-interpolation' } as const)
        : ({ resize: 'shortest-side', resizeSide, filter: 'bilinear' } as const)),
      cropRounding: 'floor',
      mean,
      standardDeviation,
    } as const;
    super({ name: 'MobileNetV2', preprocessing, blocks: mobileNetBlocks(options), tokenSize }, scope);
  }
}
