import { createHash } from 'node:crypto';
import type { WeightsDescription } from '@eim/contracts';
import { preprocess } from '@eim/images';
import { noisePicture } from '@eim/images/testing';
import { expect, test } from 'vitest';
import processorRows from '../__fixtures__/image-processor.json' with { type: 'json' };
import openClipRows from '../__fixtures__/open-clip-pixels.json' with { type: 'json' };
import { clipEncoderOptionsSchema } from '../clip-encoder-options.js';
import { clipPreprocessing } from '../clip-preprocessing.js';
import { describedPreprocessing } from './described-preprocessing.js';

const SIDE = 12;
/** The pictures of tools/reference/image_processor_fixture.py. */
const PICTURES = [
  [37, 23],
  [23, 37],
  [9, 40],
  [7, 5],
] as const;
const sizes = { imageSize: SIDE, patchSize: 4, width: 8, blockCount: 1, headCount: 2 };

const weightsOf = (given: Partial<WeightsDescription>): WeightsDescription => ({
  name: 'clip',
  files: [],
  config: {},
  tensorNames: [],
  has: () => false,
  info: (name) => ({ name, dtype: 'F32', shape: [] }),
  ...given,
});

/** Hashes of all pictures' pixels, by way of the options that a saved model keeps. */
function hashesOf(weights: WeightsDescription): string[] {
  const described = describedPreprocessing(weights, SIDE);
  const options = clipEncoderOptionsSchema.parse({
    ...sizes,
    feedForwardSize: 8,
    pooledSize: 8,
    ...described,
  });
  return PICTURES.map(([width, height]) => {
    const pixels = preprocess(noisePicture(width, height, 7), clipPreprocessing(options));
    return createHash('sha1').update(new Uint8Array(pixels.buffer)).digest('hex');
  });
}

test.each(processorRows)('CLIPImageProcessor: $config', ({ config, sha1 }) => {
  const weights = weightsOf({ preprocessorConfig: config as Record<string, unknown> });
  if (sha1 === null) expect(() => hashesOf(weights)).toThrow(/(size|crop_size|resample|image_mean) is /);
  else expect(hashesOf(weights)).toEqual(sha1);
});

test.each(openClipRows)('open_clip: $config', ({ config, sha1 }) => {
  const weights = weightsOf({ config: { model_cfg: {}, preprocess_cfg: config } });
  if (sha1 === null) expect(() => hashesOf(weights)).toThrow(/(interpolation|resize_mode|mode) is "/);
  else expect(hashesOf(weights)).toEqual(sha1);
});

test.each([
  [{ crop_size: 10 }, /crop_size is 10; the weights are for 12/],
  [{ crop_size: { height: 12, width: 16 } }, /crop_size is \{"height":12,"width":16\}; only a square/],
  [{ crop_size: undefined }, /crop_size is absent, which means 224; the weights are for 12/],
  [{ do_center_crop: false }, /do_center_crop is false and size is 12/],
  [{ do_center_crop: false, do_resize: false }, /do_center_crop is false and do_resize is false/],
  [{ do_center_crop: false, size: [10, 10] }, /size is \[10,10\]; the weights are for 12/],
  [{ size: { shortest_edge: 12, longest_edge: 40 } }, /size is \{"shortest_edge":12,"longest_edge":40\}/],
  [{ size: 0 }, /size is 0/],
  [{ size: '12' }, /size is "12"/],
  [{ size: 12.5 }, /size is 12.5/],
  [{ size: [12] }, /size is \[12\]/],
  [{ resample: 8 }, /resample is 8/],
  [{ resample: 'bicubic' }, /resample is "bicubic"/],
  [{ resample: null }, /resample is null/],
  [{ do_resize: null }, /do_resize is null/],
  [{ do_normalize: 'false' }, /do_normalize is "false"/],
  [{ do_rescale: 0 }, /do_rescale is 0/],
  [{ rescale_factor: '1/255' }, /rescale_factor is "1\/255"/],
  [{ rescale_factor: null }, /rescale_factor is null/],
  [{ image_std: [0.5, 0, 0.5] }, /image_std is \[0.5,0,0.5\]/],
  [{ image_mean: '0.5' }, /image_mean is "0.5"/],
  [{ image_processor_type: 'ViTImageProcessor' }, /image_processor_type is "ViTImageProcessor"/],
  [{ feature_extractor_type: 'DeiTFeatureExtractor' }, /feature_extractor_type is "DeiTFeatureExtractor"/],
  [{ use_square_size: true }, /use_square_size is true/],
  [{ default_to_square: true }, /default_to_square is true/],
  [{ do_thumbnail: true }, /do_thumbnail is true/],
  [{ do_flip_channel_order: true }, /do_flip_channel_order is true/],
  [{ pad_size: { height: 20, width: 20 } }, /pad_size is/],
  [{ size_divisor: 32 }, /size_divisor is 32/],
  [{ crop_pct: 0.9 }, /crop_pct is 0.9/],
])('%j is refused by the name of the field', (fields, message) => {
  const preprocessorConfig: Record<string, unknown> = { size: 12, crop_size: 12, ...fields };
  expect(() => describedPreprocessing(weightsOf({ preprocessorConfig }), SIDE)).toThrow(message);
});

test('the names of fast and of older processors are the same processors', () => {
  const base = { size: 12, crop_size: 12 };
  const plain = hashesOf(weightsOf({ preprocessorConfig: base }));
  for (const named of [
    { image_processor_type: 'CLIPImageProcessorFast', default_to_square: false, do_pad: false },
    { feature_extractor_type: 'CLIPFeatureExtractor' },
  ])
    expect(hashesOf(weightsOf({ preprocessorConfig: { ...base, ...named } }))).toEqual(plain);
  const other = { ...base, image_processor_type: 'MobileNetV2ImageProcessor' };
  expect(hashesOf(weightsOf({ preprocessorConfig: other }))).not.toEqual(plain);
});

test.each([
  [{ size: [12, 16] }, /size is \[12,16\]; the weights are for 12/],
  [{ size: 16 }, /size is 16; the weights are for 12/],
  [{ std: 0 }, /std is 0/],
  [{ fill_color: 300 }, /fill_color is 300/],
])('preprocess_cfg %j is refused by the name of the field', (config, message) => {
  const weights = weightsOf({ config: { model_cfg: {}, preprocess_cfg: config } });
  expect(() => describedPreprocessing(weights, SIDE)).toThrow(message);
});
