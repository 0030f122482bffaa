import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pixelBmp } from '../testing/pixel-bmp.js';
import { readCaptionDataset } from './read-caption-dataset.js';
import { readPictureSplits } from './read-picture-splits.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-splits-'));
  await mkdir(join(folder, 'images'));
  for (let i = 0; i < 5; i++) await writeFile(join(folder, 'images', `${i}.bmp`), pixelBmp(i, 2, 3));
});
afterEach(() => rm(folder, { recursive: true }));

/** A caption file of pictures with splits, their ids counted from `firstId`. */
async function writeCaptions(
  name: string,
  splits: Record<string, string | undefined>,
  firstId = 0,
): Promise<string> {
  const images = Object.entries(splits).map(([file_name, split], index) => ({
    id: firstId + index,
    file_name,
    ...(split && { split }),
  }));
  const annotations = images.map(({ id }) => ({ image_id: id, caption: 'A dot.' }));
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ images, annotations }));
  return path;
}

test('pictures take the splits that another file has them in, and keep their own where it does not name them', async () => {
  const official = {
    '0.bmp': 'trainval',
    '1.bmp': 'trainval',
    '2.bmp': 'trainval',
    '3.bmp': 'test',
    '4.bmp': 'test',
  };
  const path = await writeCaptions('captions.json', official);
  const splitsFrom = await writeCaptions(
    'dataset_chosen.json',
    { 'elsewhere/1.bmp': 'train', '2.bmp': 'dev', '4.bmp': 'test' },
    70,
  );
  const data = await readCaptionDataset({ path, splitsFrom });
  const ids = (split: string) => data.split(split).map(({ id }) => id);
  expect([...data.splits].sort()).toEqual(['test', 'train', 'trainval', 'val']);
  expect([ids('train'), ids('val'), ids('test'), ids('trainval')]).toEqual([['1'], ['2'], ['3', '4'], ['0']]);
  expect(data.notes).toEqual([`3 rows are in the splits of ${splitsFrom}`]);
});

test('rows without any split are left out', async () => {
  const path = await writeCaptions('captions.json', {
    '0.bmp': undefined,
    '1.bmp': undefined,
    '2.bmp': undefined,
  });
  const splitsFrom = await writeCaptions('dataset_chosen.json', { '0.bmp': 'train', '2.bmp': 'val' });
  const data = await readCaptionDataset({ path, splitsFrom });
  expect([data.split('train').length, data.split('val').length]).toEqual([1, 1]);
  expect(data.notes.at(-1)).toBe('1 rows whose picture it does not name are left out');
});

test('a file that names none of the pictures, or one of them twice, is refused', async () => {
  const path = await writeCaptions('captions.json', { '0.bmp': 'train' });
  const strange = await writeCaptions('dataset_strange.json', { '9.bmp': 'train' });
  await expect(readCaptionDataset({ path, splitsFrom: strange })).rejects.toThrow('names no picture of');
  const twice = await writeCaptions('dataset_twice.json', { 'a/0.bmp': 'train', 'b/0.bmp': 'test' });
  const refused = await readPictureSplits(twice).catch((error: unknown) => error);
  expect(EimError.isInstance(refused) && refused.code).toBe('invalid-data');
  expect((refused as Error).message).toContain('puts 0.bmp into test');
});
