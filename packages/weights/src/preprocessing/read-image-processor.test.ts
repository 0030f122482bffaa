import { expect, test } from 'vitest';
import { HARMLESS_FIELDS } from './processor-fields.js';
import { readImageProcessor } from './read-image-processor.js';

const options = { file: 'preprocessor_config.json', type: 'CLIPImageProcessor' } as const;

test('fields that say nothing of pixels change nothing', () => {
  const plain = readImageProcessor({}, options);
  expect(plain).toMatchObject({ imageSize: 224, resize: 'shortest-side', filter: 'bicubic' });
  for (const field of HARMLESS_FIELDS)
    for (const value of [true, null, 'x', { a: 1 }])
      expect(readImageProcessor({ [field]: value }, options), field).toEqual(plain);
});

test('defaults are those of the processor that is named, or of the one asked for', () => {
  const mobileNet = readImageProcessor({}, { ...options, type: 'MobileNetV2ImageProcessor' });
  expect(mobileNet).toMatchObject({
    imageSize: 224,
    resizeSide: 256,
    filter: 'bilinear',
    mean: [0.5, 0.5, 0.5],
  });
  const named = { image_processor_type: 'MobileNetV2ImageProcessorFast' };
  expect(readImageProcessor(named, options)).toEqual(mobileNet);
});

test('all that is refused is named at once', () => {
  const config = {
    do_resize: 'yes',
    crop_size: [10, 20],
    rescale_factor: 'x',
    image_std: 0,
    do_solarize: true,
  };
  expect(() => readImageProcessor(config, options)).toThrow(
    /do_solarize is true.*do_resize is "yes".*crop_size is \[10,20\].*rescale_factor is "x".*image_std is 0/,
  );
});
