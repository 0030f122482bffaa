import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader, readImageProcessor } from '@eim/weights';
import type { MobileNetOptionsInput } from '../mobilenet-options.js';
import { mobileNetPresets } from '../mobilenet-presets.js';
import { TENSORFLOW_EPSILON } from './hugging-face-weights-map.js';

const STEM = 'conv_stem.first_conv.convolution.weight';

/** What stands before Hugging Face's names: nothing, or `mobilenet_v2.` beside a classifier. Undefined: not its names. */
export const findPrefix = ({ has }: Pick<WeightsDescription, 'has'>): string | undefined =>
  ['', 'mobilenet_v2.'].find(
    (prefix) => has(prefix + STEM) && has(`${prefix}layer.0.expand_1x1.convolution.weight`),
  );

/** Options and epsilon of weights in Hugging Face's names. */
export interface DescribedMobileNet {
  readonly options: MobileNetOptionsInput;
  readonly epsilon: number;
}

/**
 * Reads `config.json` and `preprocessor_config.json`.
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function describedMobileNet(weights: WeightsDescription, prefix: string): DescribedMobileNet {
  const reader = new ConfigReader(weights.config, `${weights.name} (config.json)`);
  reader.allow('hidden_act', ['relu6']);
  reader.allow('tf_padding', [true]);
  reader.allow('first_layer_is_expansion', [true]);
  reader.allow('output_stride', [32]);
  reader.allow('num_channels', [3]);
  reader.allow('depth_divisible_by', [8]);
  reader.allow('min_depth', [8]);
  const options: MobileNetOptionsInput = {
    ...mobileNetPresets['v2-1.0-224'],
    widthMultiplier: reader.optionalNumber('depth_multiplier') ?? 1,
    expansion: reader.optionalNumber('expand_ratio') ?? 6,
    tokenSize: weights.info(`${prefix}conv_1x1.convolution.weight`).shape[0] ?? 1280,
    ...describedPixels(weights, reader),
  };
  const epsilon = reader.optionalNumber('layer_norm_eps') ?? TENSORFLOW_EPSILON;
  reader.finish();
  return { options, epsilon };
}

/** As `preprocessor_config.json` says; without one as the published networks, for the side that `config.json` gives. */
function describedPixels(
  { name, preprocessorConfig }: WeightsDescription,
  reader: ConfigReader,
): Pick<MobileNetOptionsInput, 'imageSize' | 'resizeSide' | 'resizing' | 'mean' | 'standardDeviation'> {
  if (preprocessorConfig === undefined) {
    const imageSize = reader.optionalNumber('image_size') ?? 224;
    const half: [number, number, number] = [0.5, 0.5, 0.5];
    const resizeSide = Math.round((imageSize * 256) / 224);
    return { imageSize, resizeSide, mean: half, standardDeviation: half };
  }
  const file = `${name} (preprocessor_config.json)`;
  const { imageSize, mean, standardDeviation, ...resizing } = readImageProcessor(preprocessorConfig, {
    file,
    type: 'MobileNetV2ImageProcessor',
  });
  return { imageSize, resizing, mean: [...mean], standardDeviation: [...standardDeviation] };
}
