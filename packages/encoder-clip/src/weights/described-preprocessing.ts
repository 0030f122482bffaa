import { EimError, type WeightsDescription } from '@eim/core/contracts';
import { ConfigReader } from '@eim/weights';
import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';

/** Pillow's number of the bicubic filter. */
const BICUBIC = 3;

/**
 * Mean and deviation of a `preprocessor_config.json`; everything else that it may say must be what CLIP does.
 * @throws EimError `invalid-file` listing what differs
 */
export function describedPreprocessing(
  { name, preprocessorConfig }: WeightsDescription,
  imageSize: number,
): Pick<ClipEncoderOptionsInput, 'mean' | 'standardDeviation'> {
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
  return {
    ...(preprocessorConfig.image_mean
      ? { mean: channels(preprocessorConfig.image_mean, 'image_mean', file) }
      : {}),
    ...(preprocessorConfig.image_std
      ? { standardDeviation: channels(preprocessorConfig.image_std, 'image_std', file) }
      : {}),
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
