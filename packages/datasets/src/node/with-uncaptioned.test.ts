import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDataset } from '../check-dataset.js';
import { pixelBmp } from '../testing/pixel-bmp.js';
import { readCaptionDataset } from './read-caption-dataset.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-uncaptioned-'));
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'more', 'deep'), { recursive: true });
  const images = [0, 1, 2].map((id) => ({ id, file_name: `${id}.bmp`, split: ['train', 'val', 'test'][id] }));
  for (const { id, file_name } of images)
    await writeFile(join(folder, 'images', file_name), pixelBmp(id, 2, 3));
  const annotations = images.map(({ id }) => ({ image_id: id, caption: 'A dot.' }));
  await writeFile(join(folder, 'captions.json'), JSON.stringify({ images, annotations }));
});
afterEach(() => rm(folder, { recursive: true }));

const read = (more: object = {}) =>
  readCaptionDataset({ path: folder, uncaptioned: join(folder, 'more'), ...more });

test('a folder of further pictures is a split without answers, less what other splits have', async () => {
  await writeFile(join(folder, 'more', 'b.bmp'), pixelBmp(7, 2, 3));
  await writeFile(join(folder, 'more', 'deep', 'a.BMP'), pixelBmp(8, 2, 3));
  await writeFile(join(folder, 'more', 'again.bmp'), pixelBmp(7, 2, 3));
  await writeFile(join(folder, 'more', 'tested.bmp'), pixelBmp(2, 2, 3));
  await writeFile(join(folder, 'more', 'readme.txt'), 'no picture');
  const data = await read();
  expect(data.splits).toEqual(['train', 'val', 'test', 'uncaptioned']);
  expect(data.unanswered).toEqual(['uncaptioned']);
  const rows = data.split('uncaptioned');
  expect(rows.map(({ id, answers, prompt }) => [id, answers, prompt])).toEqual([
    ['again.bmp', [], ''],
    ['deep/a.BMP', [], ''],
  ]);
  expect(await rows[1]!.picture!.load()).toEqual({ width: 1, height: 1, data: Uint8Array.of(8, 2, 3) });
  expect(data.notes.join()).toMatch(/2 pictures of .* left out, which the data set has already/);
  expect((await read({ limit: 1 })).split('uncaptioned')).toHaveLength(1);
  expect((await checkDataset(data)).problems).toEqual([]);
});

test('is refused by name where there is nothing of it', async () => {
  await expect(read()).rejects.toThrow(/\(uncaptioned\) holds no picture/);
  await writeFile(join(folder, 'more', 'tested.bmp'), pixelBmp(2, 2, 3));
  await expect(read()).rejects.toThrow(/are in splits with captions already/);
  await expect(read({ uncaptioned: join(folder, 'nowhere') })).rejects.toMatchObject({
    code: 'missing-file',
  });
});
