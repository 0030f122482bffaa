import { foldedInvertedResiduals, type NormedConvolution, type WeightsMap } from '@eim/weights';
import { mobileNetBlocks } from '../mobilenet-blocks.js';
import type { MobileNetOptions } from '../mobilenet-options.js';

/** What TensorFlow's MobileNetV2 adds to a variance, and Hugging Face's port of it. */
export const TENSORFLOW_EPSILON = 1e-3;

/** How Hugging Face's names (`MobileNetV2Model`) become our parameters; batch norms are folded as they are read. */
export function huggingFaceWeightsMap(
  options: MobileNetOptions,
  prefix: string,
  epsilon: number,
): WeightsMap {
  const layer = (name: string): NormedConvolution => ({
    convolution: `${prefix}${name}.convolution`,
    norm: `${prefix}${name}.normalization`,
  });
  return {
    rules: foldedInvertedResiduals({
      blocks: mobileNetBlocks(options),
      tokenSize: options.tokenSize,
      epsilon,
      stem: layer('conv_stem.first_conv'),
      last: layer('conv_1x1'),
      block: (index) => {
        const block = index === 0 ? 'conv_stem' : `layer.${index - 1}`;
        return {
          expand: layer(`${block}.expand_1x1`),
          depthwise: layer(`${block}.conv_3x3`),
          project: layer(`${block}.reduce_1x1`),
        };
      },
    }),
    // the classifier lies beside it; how many batches were seen matters to training alone
    ignores: (name) => !name.startsWith(prefix) || /^classifier\.|\.num_batches_tracked$/.test(name),
  };
}
