import type { ImagePreprocessing } from '@eim/contracts';
import { InvertedResidualEncoder, type ParameterScope } from '@eim/nn';
import { efficientNetBlocks } from './efficientnet-blocks.js';
import type { EfficientNetOptions } from './efficientnet-options.js';

/** Pixels around the central square that TensorFlow's evaluation cuts out (`CROP_PADDING`). */
const CROP_PADDING = 32;

/**
 * EfficientNet-Lite without its classifier, batch norms folded. `tokens` are the last grid, `pooled` is its mean, and
 * `hidden` counts blocks, not stages.
 */
export class EfficientNetEncoder extends InvertedResidualEncoder {
  /** @param scope where the parameters are created; they may get their values later */
  constructor(options: EfficientNetOptions, scope: ParameterScope) {
    const { imageSize, tokenSize, mean, standardDeviation, resizing } = options;
    const preprocessing: ImagePreprocessing = {
      imageSize,
      ...(resizing === undefined && { firstCrop: imageSize / (imageSize + CROP_PADDING) }),
      resize: 'stretch',
      filter: 'corner-interpolation',
      cropRounding: 'floor',
      ...resizing,
      mean,
      standardDeviation,
    };
    super(
      { name: 'EfficientNet-Lite', preprocessing, blocks: efficientNetBlocks(options), tokenSize },
      scope,
    );
  }
}
