import type { ImagePreprocessing } from '@eim/contracts';
import { InvertedResidualEncoder, type ParameterScope } from '@eim/nn';
import { mobileNetBlocks } from './mobilenet-blocks.js';
import type { MobileNetOptions } from './mobilenet-options.js';

/** MobileNetV2 without its classifier, batch norms folded. `tokens` are the last grid, `pooled` is its mean. */
export class MobileNetEncoder extends InvertedResidualEncoder {
  /** @param scope where the parameters are created; they may get their values later */
  constructor(options: MobileNetOptions, scope: ParameterScope) {
    const { imageSize, resizeSide, resizing, tokenSize, mean, standardDeviation } = options;
    const preprocessing: ImagePreprocessing = {
      imageSize,
      ...(resizeSide === undefined
        ? { resize: 'stretch', filter: 'bilinear-interpolation' }
        : { resize: 'shortest-side', resizeSide, filter: 'bilinear' }),
      cropRounding: 'floor',
      ...resizing,
      mean,
      standardDeviation,
    };
    super({ name: 'MobileNetV2', preprocessing, blocks: mobileNetBlocks(options), tokenSize }, scope);
  }
}
