import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { MobileNetOptionsInput } from '../mobilenet-options.js';
import { mobileNetPresets } from '../mobilenet-presets.js';
import { TENSORFLOW_EPSILON } from './hugging-face-weights-map.js';

const STEM = 'conv_stem.first_conv.convolution.weight';
/** Pillow's number of the bilinear filter. */
const BILINEAR = 2;

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
  const { name, config, preprocessorConfig = {} } = weights;
  const reader = new ConfigReader(config, `${name} (config.json)`);
  reader.allow('hidden_act', ['relu6']);
  reader.allow('tf_padding', [true]);
  reader.allow('first_layer_is_expansion', [true]);
  reader.allow('output_stride', [32]);
  reader.allow('num_channels', [3]);
  reader.allow('depth_divisible_by', [8]);
  reader.allow('min_depth', [8]);
  const pixels = new ConfigReader(preprocessorConfig, `${name} (preprocessor_config.json)`);
  for (const step of ['do_resize', 'do_center_crop', 'do_rescale', 'do_normalize'])
    pixels.allow(step, [true]);
  pixels.allow('resample', [BILINEAR]);
  const crop = sideOf(preprocessorConfig.crop_size);
  const imageSize = crop ?? reader.optionalNumber('image_size') ?? 224;
  const options: MobileNetOptionsInput = {
    ...mobileNetPresets['v2-1.0-224'],
    imageSize,
    resizeSide: sideOf(preprocessorConfig.size) ?? Math.round((imageSize * 256) / 224),
    widthMultiplier: reader.optionalNumber('depth_multiplier') ?? 1,
    expansion: reader.optionalNumber('expand_ratio') ?? 6,
    tokenSize: weights.info(`${prefix}conv_1x1.convolution.weight`).shape[0] ?? 1280,
    mean: channels(preprocessorConfig.image_mean),
    standardDeviation: channels(preprocessorConfig.image_std),
  };
  const epsilon = reader.optionalNumber('layer_norm_eps') ?? TENSORFLOW_EPSILON;
  reader.finish();
  pixels.finish();
  return { options, epsilon };
}

/** `224`, `{shortest_edge: 224}` or `{height: 224, width: 224}`. */
function sideOf(size: unknown): number | undefined {
  const { shortest_edge: edge, height } = (size ?? {}) as Record<string, unknown>;
  const side = typeof size === 'number' ? size : (edge ?? height);
  return typeof side === 'number' ? side : undefined;
}

const channels = (value: unknown): [number, number, number] =>
  Array.isArray(value) && value.length === 3 ? (value as [number, number, number]) : [0.5, 0.5, 0.5];
