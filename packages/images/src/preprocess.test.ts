import { createHash } from 'node:crypto';
import type { ImagePreprocessing } from '@eim/contracts';
import { expect, test } from 'vitest';
import fixture from './__fixtures__/preprocess.json' with { type: 'json' };
import { centreCrop } from './centre-crop.js';
import { normalisePixels, preprocess, preprocessToBytes } from './preprocess.js';
import { shortestSideSize } from './resized-size.js';
import { noisePicture } from './testing/noise-picture.js';

const clip: ImagePreprocessing = {
  imageSize: 224,
  resize: 'shortest-side',
  filter: 'bicubic',
  cropRounding: 'floor',
  mean: [0.48145466, 0.4578275, 0.40821073],
  standardDeviation: [0.26862954, 0.26130258, 0.27577711],
};
const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');

test.each(fixture)("CLIP's preprocessing of $from, crop $rounding, is that of Pillow and torch", (row) => {
  const preprocessing = { ...clip, cropRounding: row.rounding as 'floor' };
  const picture = noisePicture(row.from[0]!, row.from[1]!, 11);
  const bytes = preprocessToBytes(picture, preprocessing);
  expect(sha1(bytes)).toBe(row.bytes);
  expect(sha1(new Uint8Array(preprocess(picture, preprocessing).buffer))).toBe(row.floats);
});

test('the two crop rules differ for odd margins alone', () => {
  const starts = (margin: number) => {
    const picture = noisePicture(4 + margin, 4, 3);
    return (['floor', 'half-even'] as const).map((rounding) => {
      const crop = centreCrop(picture, 4, rounding).data.subarray(0, 12);
      return Array.from({ length: margin + 1 }, (_, x) => picture.data.subarray(x * 3, x * 3 + 12)).findIndex(
        (row) => row.every((value, i) => value === crop[i]),
      );
    });
  };
  expect([0, 1, 2, 3, 4, 5].map(starts)).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 2],
  ]);
});

test('stretching ignores the aspect', () => {
  const bytes = preprocessToBytes(noisePicture(30, 7, 2), { ...clip, imageSize: 16, resize: 'stretch' });
  expect(bytes).toHaveLength(16 * 16 * 3);
});

test('a very long picture costs no more than its crop', () => {
  expect(preprocess(noisePicture(1, 20_000, 5), clip)).toHaveLength(224 * 224 * 3);
});

test('the shorter side sets the size', () => {
  expect(shortestSideSize({ width: 640, height: 427 }, 224)).toEqual({ width: 335, height: 224 });
  expect(shortestSideSize({ width: 427, height: 640 }, 224)).toEqual({ width: 224, height: 335 });
});

test('pixels are written where asked, and never beyond', () => {
  const out = new Float32Array(9);
  normalisePixels(Uint8Array.of(0, 128, 255), { mean: [0, 0, 0], standardDeviation: [1, 1, 0.5] }, out, 3);
  expect([...out]).toEqual([0, 0, 0, 0, Math.fround(128 / 255), 2, 0, 0, 0]);
  expect(() => normalisePixels(new Uint8Array(9), clip, out, 3)).toThrow(
    /9 pixel values do not fit into 9 from 3/,
  );
});
