import type { ImagePreprocessing } from '@eim/contracts';
import { expect, test } from 'vitest';
import fixture from './__fixtures__/interpolate.json' with { type: 'json' };
import { interpolatePicture } from './interpolate-picture.js';
import { preprocess, preprocessToBytes } from './preprocess.js';
import { noisePicture } from './testing/noise-picture.js';

test.each(fixture)('from $from to $to as torch’s interpolate does', ({ from, to, values }) => {
  const [width, height] = to as [number, number];
  const result = interpolatePicture(noisePicture(from[0]!, from[1]!, 7), { width, height });
  const expected = new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer);
  expect(result).toHaveLength(expected.length);
  expect(Math.max(...result.map((value, index) => Math.abs(value - expected[index]!)))).toBeLessThan(1e-3); // of 255; torch holds the shares in 32 bits
});

test('preprocessing keeps what lies between bytes; as bytes it is rounded', () => {
  const preprocessing: ImagePreprocessing = {
    imageSize: 5,
    resize: 'stretch',
    filter: 'bilinear-interpolation',
    cropRounding: 'floor',
    mean: [128 / 255, 128 / 255, 128 / 255],
    standardDeviation: [128 / 255, 128 / 255, 128 / 255],
  };
  const picture = noisePicture(9, 7, 3);
  const values = interpolatePicture(picture, { width: 5, height: 5 });
  const pixels = preprocess(picture, preprocessing);
  for (const [index, pixel] of pixels.entries()) expect(pixel).toBeCloseTo((values[index]! - 128) / 128, 5);
  const bytes = preprocessToBytes(picture, preprocessing);
  for (const [index, byte] of bytes.entries()) {
    expect(Math.abs(byte - values[index]!)).toBeLessThanOrEqual(0.5);
  }
});

test('with places counted from the corner it is TensorFlow 1’s resize_bilinear', () => {
  // 3 columns to 4: places 0, 0.75, 1.5 and 2.25, of which the last lies behind the last pixel's centre
  const picture = { width: 3, height: 1, data: Uint8Array.of(0, 0, 0, 100, 100, 100, 40, 40, 40) };
  const size = { width: 4, height: 1 };
  const values = interpolatePicture(picture, size, undefined, 'corner-interpolation');
  expect([...values].filter((_, at) => at % 3 === 0)).toEqual([0, 75, 70, 40]);
});
