import { foldedInvertedResiduals, type NormedConvolution, type WeightsMap } from '@eim/weights';
import { efficientNetBlocks } from '../efficientnet-blocks.js';
import type { EfficientNetOptions } from '../efficientnet-options.js';

/** What TensorFlow's EfficientNet adds to a variance, and its port to PyTorch. */
const EPSILON = 1e-3;

/** How the names of `efficientnet_lite_pytorch` become our parameters; batch norms are folded as they are read. */
export function pytorchWeightsMap(options: EfficientNetOptions): WeightsMap {
  const layer = (convolution: string, norm: string, prefix = ''): NormedConvolution => ({
    convolution: `${prefix}_${convolution}`,
    norm: `${prefix}_${norm}`,
  });
  return {
    rules: foldedInvertedResiduals({
      blocks: efficientNetBlocks(options),
      tokenSize: options.tokenSize,
      epsilon: EPSILON,
      stem: layer('conv_stem', 'bn0'),
      last: layer('conv_head', 'bn1'),
      block: (index) => ({
        expand: layer('expand_conv', 'bn0', `_blocks.${index}.`),
        depthwise: layer('depthwise_conv', 'bn1', `_blocks.${index}.`),
        project: layer('project_conv', 'bn2', `_blocks.${index}.`),
      }),
    }),
    // the classifier is left out; how many batches were seen matters to training alone
    ignores: (name) => /^_fc\.|\.num_batches_tracked$/.test(name),
  };
}
