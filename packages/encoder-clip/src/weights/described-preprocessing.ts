import type { ImagePreprocessing, WeightsDescription } from '@eim/contracts';
import { readImageProcessor } from '@eim/weights';
import type { ClipEncoderOptionsInput } from '../clip-encoder-options.js';
import { openClipPreprocessing } from './open-clip-preprocessing.js';

/** How pixels are made, as options. */
type PixelOptions = Pick<ClipEncoderOptionsInput, 'cropRounding' | 'resizing' | 'mean' | 'standardDeviation'>;

/**
 * What an `open_clip_config.json` or a `preprocessor_config.json` says of pixels; nothing where there is neither.
 * @throws EimError `invalid-file` listing what differs from what the original or this package computes
 */
export function describedPreprocessing(weights: WeightsDescription, imageSize: number): PixelOptions {
  const openClip = openClipPreprocessing(weights, imageSize);
  if (openClip) return pixelOptions(openClip);
  const { name, preprocessorConfig } = weights;
  if (preprocessorConfig === undefined) return {};
  const file = `${name} (preprocessor_config.json)`;
  const preprocessing = readImageProcessor(preprocessorConfig, {
    file,
    type: 'CLIPImageProcessor',
    imageSize,
  });
  return pixelOptions(preprocessing);
}

function pixelOptions({
  imageSize: _,
  cropRounding,
  mean,
  standardDeviation,
  ...resizing
}: ImagePreprocessing): PixelOptions {
  const { resize, filter, ...rest } = resizing;
  const isClips = resize === 'shortest-side' && filter === 'bicubic' && Object.keys(rest).length === 0;
  return {
    cropRounding,
    mean: [...mean],
    standardDeviation: [...standardDeviation],
    ...(!isClips && { resizing }),
  };
}
