import type { ImagePreprocessing, WeightsDescription } from '@eim/contracts';
import { ConfigReader, readChannels } from '@eim/weights';
import { publishedPixels } from '../clip-published.js';
import { openClipPixels } from './open-clip-config.js';

type Resizing = Pick<ImagePreprocessing, 'resize' | 'padColour'>;

/** What open_clip's `resize_mode` does with a picture whose sides differ (open_clip, `image_transform`). */
const RESIZES: Readonly<Record<string, Resizing['resize']>> = {
  shortest: 'shortest-side',
  longest: 'longest-side',
  squash: 'stretch',
};

/**
 * The `preprocess_cfg` of an `open_clip_config.json`, all of it; undefined where there is none.
 * @throws EimError `invalid-file` listing what open_clip refuses, or this package does not compute
 */
export function openClipPreprocessing(
  weights: WeightsDescription,
  imageSize: number,
): ImagePreprocessing | undefined {
  const config = openClipPixels(weights);
  if (config === undefined) return undefined;
  const reader = new ConfigReader(config, `${weights.name} (open_clip_config.json, preprocess_cfg)`);
  reader.allow('mode', ['RGB']);
  // `random` is a matter of training: open_clip itself takes bicubic for it elsewhere
  reader.allow('interpolation', ['bicubic', 'bilinear', 'random']);
  reader.allow('resize_mode', Object.keys(RESIZES));
  checkSize(reader, config.size, imageSize);
  const preprocessing: ImagePreprocessing = {
    imageSize,
    ...readResizing(reader, config),
    filter: config.interpolation === 'bilinear' ? 'bilinear' : 'bicubic',
    cropRounding: 'half-even',
    mean: readChannels(reader, 'mean', config.mean, publishedPixels.mean!),
    standardDeviation: readChannels(reader, 'std', config.std, publishedPixels.standardDeviation!, 'divisor'),
  };
  reader.finish();
  return preprocessing;
}

function readResizing(reader: ConfigReader, config: Readonly<Record<string, unknown>>): Resizing {
  const mode = typeof config.resize_mode === 'string' ? config.resize_mode : 'shortest';
  const resize = RESIZES[mode] ?? 'shortest-side';
  const { fill_color: fill } = config;
  if (fill === undefined || fill === null || fill === 0) return { resize };
  const colour = readChannels(reader, 'fill_color', fill, [0, 0, 0]);
  if (!colour.every((value) => Number.isInteger(value) && value >= 0 && value <= 255))
    reader.fault(`fill_color is ${JSON.stringify(fill)}, not within 0 and 255`);
  // only what keeps the whole picture has something to fill
  return resize === 'longest-side' ? { resize, padColour: colour } : { resize };
}

/** `224`, or `[224, 224]`. open_clip takes the size of the weights all the same. */
function checkSize(reader: ConfigReader, size: unknown, imageSize: number): void {
  if (size === undefined || size === null) return;
  const sides = Array.isArray(size) ? size : [size];
  if (sides.length > 0 && sides.length <= 2 && sides.every((side) => side === imageSize)) return;
  reader.fault(`size is ${JSON.stringify(size)}; the weights are for ${imageSize}`);
}
