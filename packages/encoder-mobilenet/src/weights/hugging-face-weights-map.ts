import { type FoldedConvolution, foldedConvolution, type WeightRule, type WeightsMap } from '@eim/weights';
import { invertedResiduals, scaledChannels } from '../inverted-residual-sizes.js';
import type { MobileNetOptions } from '../mobilenet-options.js';

/** What TensorFlow's MobileNetV2 adds to a variance, and Hugging Face's port of it. */
export const TENSORFLOW_EPSILON = 1e-3;

/** How Hugging Face's names (`MobileNetV2Model`) become our parameters; batch norms are folded as they are read. */
export function huggingFaceWeightsMap(
  options: MobileNetOptions,
  prefix: string,
  epsilon: number,
): WeightsMap {
  const layer = (
    ours: string,
    theirs: string,
    sizes: Pick<FoldedConvolution, 'inputs' | 'outputs' | 'side' | 'depthwise'>,
  ): WeightRule[] => {
    const [convolution, norm] = [`${prefix}${theirs}.convolution`, `${prefix}${theirs}.normalization`];
    return foldedConvolution(ours, { convolution, norm, epsilon, ...sizes });
  };
  const stem = scaledChannels(options.stemSize, options.widthMultiplier);
  const blocks = invertedResiduals(options);
  return {
    rules: [
      ...layer('stem', 'conv_stem.first_conv', { inputs: 3, outputs: stem, side: 3 }),
      ...blocks.flatMap(({ inputSize, outputSize, innerSize }, index) => {
        const ours = `blocks.${index}`;
        const theirs = index === 0 ? 'conv_stem' : `layer.${index - 1}`;
        return [
          ...(innerSize === inputSize
            ? []
            : layer(`${ours}.expand`, `${theirs}.expand_1x1`, {
                inputs: inputSize,
                outputs: innerSize,
                side: 1,
              })),
          ...layer(`${ours}.depthwise`, `${theirs}.conv_3x3`, {
            inputs: innerSize,
            outputs: innerSize,
            side: 3,
            depthwise: true,
          }),
          ...layer(`${ours}.project`, `${theirs}.reduce_1x1`, {
            inputs: innerSize,
            outputs: outputSize,
            side: 1,
          }),
        ];
      }),
      ...layer('last', 'conv_1x1', {
        inputs: blocks.at(-1)!.outputSize,
        outputs: options.tokenSize,
        side: 1,
      }),
    ],
    // the classifier lies beside it; how many batches were seen matters to training alone
    ignores: (name) => !name.startsWith(prefix) || /^classifier\.|\.num_batches_tracked$/.test(name),
  };
}
