import { EimError, type WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';
import { openClipPixels } from './open-clip-config.js';

/** Pillow's number of the bicubic filter. */
const BICUBIC = 3;

/** How pixels are scaled. */
type Scaling = Pick<ClipEncoderOptionsInput, 'mean' | 'standardDeviation'>;

/**
 * Mean and deviation of a `preprocessor_config.json`, or of a `open_clip_config.json`; everything else that they may
 * say must be what CLIP does.
 * @throws EimError `invalid-file` listing what differs
 */
export function describedPreprocessing(weights: WeightsDescription, imageSize: number): Scaling {
  const { name, preprocessorConfig } = weights;
  const openClip = openClipPixels(weights);
  if (openClip)
    return openClipScaling(openClip, `${name} (open_clip_config.json, preprocess_cfg)`, imageSize);
  if (preprocessorConfig === undefined) return {};
  const file = `${name} (preprocessor_config.json)`;
  const reader = new ConfigReader(preprocessorConfig, file);
  for (const step of ['do_resize', 'do_center_crop', 'do_normalize']) reader.allow(step, [true]);
  reader.allow('resample', [BICUBIC]);
  for (const field of ['size', 'crop_size']) {
    const side = sideOf(preprocessorConfig[field]);
    if (side !== undefined && side !== imageSize) {
      reader.fault(
        `${field} is ${JSON.stringify(preprocessorConfig[field])}; the weights are for ${imageSize}`,
      );
    }
  }
  reader.finish();
  return scaling(preprocessorConfig, ['image_mean', 'image_std'], file);
}

function openClipScaling(
  config: Readonly<Record<string, unknown>>,
  file: string,
  imageSize: number,
): Scaling {
  const reader = new ConfigReader(config, file);
  reader.allow('mode', ['RGB']);
  reader.allow('interpolation', ['bicubic']);
  reader.allow('resize_mode', ['shortest']);
  const side = Array.isArray(config.size) ? config.size[0] : config.size;
  if (typeof side === 'number' && side !== imageSize) {
    reader.fault(`size is ${JSON.stringify(config.size)}; the weights are for ${imageSize}`);
  }
  reader.finish();
  return scaling(config, ['mean', 'std'], file);
}

/** Mean and deviation by their names in a file, where it has them. */
function scaling(
  config: Readonly<Record<string, unknown>>,
  [mean, deviation]: readonly [string, string],
  file: string,
): Scaling {
  return {
    ...(config[mean] ? { mean: channels(config[mean], mean, file) } : {}),
    ...(config[deviation] ? { standardDeviation: channels(config[deviation], deviation, file) } : {}),
  };
}

/** `224`, `{shortest_edge: 224}` or `{height: 224, width: 224}`. */
function sideOf(size: unknown): number | undefined {
  if (typeof size === 'number') return size;
  const { shortest_edge: edge, height } = (size ?? {}) as Record<string, unknown>;
  const side = edge ?? height;
  return typeof side === 'number' ? side : undefined;
}

function channels(value: unknown, field: string, file: string): [number, number, number] {
  if (Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'number')) {
    return value as [number, number, number];
  }
  throw new EimError({
    code: 'invalid-file',
    message: `${file}: ${field} is ${JSON.stringify(value)}, not three numbers.`,
    data: { file, field },
  });
}
