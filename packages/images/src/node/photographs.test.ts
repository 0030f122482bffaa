import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import fixture from '../__fixtures__/photos.json' with { type: 'json' };
import { preprocessToBytes } from '../preprocess.js';
import { readPicture } from './read-picture.js';

const root = resolve(import.meta.dirname, '../../../..');
const folder = resolve(root, process.env.EIM_DATA ?? '../shared/data', 'captions/coco-mini-239/images');
const absent = !existsSync(folder);
const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');

test.skipIf(absent)(
  `photographs decode and shrink to Pillow's bytes${absent ? ` (skipped: no ${folder})` : ''}`,
  async () => {
    expect(fixture).toHaveLength(20);
    for (const { file, decoded, bytes } of fixture) {
      const picture = await readPicture(resolve(folder, file));
      expect(sha1(picture.data), file).toBe(decoded);
      const small = preprocessToBytes(picture, {
        imageSize: 224,
        resize: 'shortest-side',
        filter: 'bicubic',
        cropRounding: 'floor',
        mean: [0, 0, 0],
        standardDeviation: [1, 1, 1],
      });
      expect(sha1(small), file).toBe(bytes);
    }
  },
);
