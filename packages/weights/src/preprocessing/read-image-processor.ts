import type { ImagePreprocessing } from '@eim/contracts';
import { ConfigReader } from '../mapping/config-reader.js';
import { HARMLESS_SWITCHES, READ_FIELDS, REFUSED_UNLESS } from './processor-fields.js';
import { readCrop, readSize } from './processor-size.js';
import {
  PILLOW_FILTERS,
  PROCESSOR_TYPES,
  type ProcessorType,
  type ProcessorTypeName,
} from './processor-type.js';
import { readChannels } from './read-channels.js';

export interface ReadImageProcessorOptions {
  /** The file, for messages. */
  readonly file: string;
  /** Whose defaults count where the file names no type. */
  readonly type: ProcessorTypeName;
  /** Side of the square that the weights are made for; absent where they take any. */
  readonly imageSize?: number | undefined;
}

/** A `preprocessor_config.json`. */
type Config = Readonly<Record<string, unknown>>;

/** `1 / 255`, as transformers writes it. */
const BYTE = 1 / 255;

/**
 * Pictures as a `preprocessor_config.json` has them prepared: `CLIPImageProcessor` and `MobileNetV2ImageProcessor` of
 * transformers, versions 4.57 and 5.24. A field that changes pixels is obeyed, or refused by its name.
 * @throws EimError `invalid-file` listing all that is refused
 * @example
 * const { imageSize, resize, mean } = readImageProcessor(weights.preprocessorConfig, { file, type: 'CLIPImageProcessor' });
 */
export function readImageProcessor(
  config: Config,
  { file, type, imageSize }: ReadImageProcessorOptions,
): ImagePreprocessing {
  const reader = new ConfigReader(config, file);
  const preset = readType(reader, config, type);
  refuseOthers(reader, config);
  const preprocessing: ImagePreprocessing = {
    ...readResizing(reader, config, preset, imageSize),
    filter: readFilter(reader, config, preset),
    cropRounding: 'floor',
    ...readScale(reader, config),
    ...readNormalisation(reader, config, preset),
  };
  reader.finish();
  return preprocessing;
}

/** The processor that the file names: by `image_processor_type`, else by the older `feature_extractor_type`. */
function readType(reader: ConfigReader, config: Config, otherwise: ProcessorTypeName): ProcessorType {
  const { image_processor_type: newer, feature_extractor_type: older } = config;
  const [field, named] = newer ? ['image_processor_type', newer] : ['feature_extractor_type', older];
  if (named === undefined || named === null) return PROCESSOR_TYPES[otherwise];
  const name = String(named)
    .replace(/FeatureExtractor$/, 'ImageProcessor')
    .replace(/(Fast|Pil)$/, '');
  if (Object.hasOwn(PROCESSOR_TYPES, name)) return PROCESSOR_TYPES[name as ProcessorTypeName];
  const known = Object.keys(PROCESSOR_TYPES).join(' or ');
  reader.fault(`${field} is ${JSON.stringify(named)}; only ${known} is supported`);
  return PROCESSOR_TYPES[otherwise];
}

function refuseOthers(reader: ConfigReader, config: Config): void {
  for (const [field, values] of Object.entries(REFUSED_UNLESS)) reader.allow(field, values);
  if (typeof config.size === 'number') reader.allow('default_to_square', [false]);
  const known: readonly string[] = [...READ_FIELDS, ...HARMLESS_SWITCHES];
  for (const field of Object.keys(config))
    if (field.startsWith('do_') && !known.includes(field)) reader.allow(field, [false]);
}

/** A switch that is on unless the file says otherwise. */
function isOn(reader: ConfigReader, config: Config, field: string): boolean {
  const value = config[field];
  if (value === undefined || typeof value === 'boolean') return value ?? true;
  reader.fault(`${field} is ${JSON.stringify(value)}, neither true nor false`);
  return true;
}

function readResizing(
  reader: ConfigReader,
  config: Config,
  preset: ProcessorType,
  imageSize: number | undefined,
): Pick<ImagePreprocessing, 'imageSize' | 'resize' | 'resizeSide' | 'resizeSize'> {
  const resizes = isOn(reader, config, 'do_resize');
  const crops = isOn(reader, config, 'do_center_crop');
  const size = resizes ? readSize(reader, config.size, preset.shortestEdge) : undefined;
  const square = size && 'width' in size && size.width === size.height ? size.width : undefined;
  const side = crops ? readCrop(reader, config.crop_size, preset.cropSize) : square;
  if (!crops && side === undefined) {
    const left = resizes ? `size is ${JSON.stringify(config.size)}` : 'do_resize is false';
    reader.fault(`do_center_crop is false and ${left}, so pictures would not all become one square`);
  }
  if (side !== undefined && imageSize !== undefined && side !== imageSize) {
    const field = crops ? 'crop_size' : 'size';
    const said = config[field] === undefined ? `absent, which means ${side}` : JSON.stringify(config[field]);
    reader.fault(`${field} is ${said}; the weights are for ${imageSize}`);
  }
  const taken = side ?? imageSize ?? preset.cropSize;
  if (size === undefined) return { imageSize: taken, resize: 'none' };
  if ('shortestEdge' in size) {
    const isSame = size.shortestEdge === taken;
    return {
      imageSize: taken,
      resize: 'shortest-side',
      ...(!isSame && { resizeSide: size.shortestEdge }),
    };
  }
  return { imageSize: taken, resize: 'stretch', ...(square !== taken && { resizeSize: size }) };
}

function readFilter(
  reader: ConfigReader,
  config: Config,
  preset: ProcessorType,
): ImagePreprocessing['filter'] {
  const { resample = preset.resample } = config;
  const filter = typeof resample === 'number' ? PILLOW_FILTERS[resample] : undefined;
  if (filter) return filter;
  reader.fault(
    `resample is ${JSON.stringify(resample)}, none of Pillow's filters ${Object.keys(PILLOW_FILTERS)}`,
  );
  return 'bicubic';
}

function readScale(reader: ConfigReader, config: Config): Pick<ImagePreprocessing, 'scale'> {
  if (!isOn(reader, config, 'do_rescale')) return { scale: 1 };
  const { rescale_factor: factor = BYTE } = config;
  if (typeof factor === 'number') return factor === BYTE ? {} : { scale: factor };
  reader.fault(`rescale_factor is ${JSON.stringify(factor)}, not a number`);
  return {};
}

function readNormalisation(
  reader: ConfigReader,
  config: Config,
  preset: ProcessorType,
): Pick<ImagePreprocessing, 'mean' | 'standardDeviation'> {
  if (!isOn(reader, config, 'do_normalize')) return { mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
  return {
    mean: readChannels(reader, 'image_mean', config.image_mean, preset.mean),
    standardDeviation: readChannels(
      reader,
      'image_std',
      config.image_std,
      preset.standardDeviation,
      'divisor',
    ),
  };
}
