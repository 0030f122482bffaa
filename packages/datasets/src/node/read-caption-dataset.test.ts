import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDataset } from '../check-dataset.js';
import { pixelBmp } from '../testing/pixel-bmp.js';
import { readCaptionDataset } from './read-caption-dataset.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-datasets-'));
  await mkdir(join(folder, 'images'));
  for (let i = 0; i < 4; i++) await writeFile(join(folder, 'images', `${i}.bmp`), pixelBmp(i, 2, 3));
});
afterEach(() => rm(folder, { recursive: true }));

const image = (id: number, file_name = `${id}.bmp`, split?: string) => ({
  id,
  file_name,
  ...(split && { split }),
});
async function writeCoco(images: object[]): Promise<void> {
  const annotations = images.map((item) => ({ image_id: (item as { id: number }).id, caption: 'A dot.' }));
  await writeFile(join(folder, 'captions.json'), JSON.stringify({ images, annotations }));
}

test('reads a folder, its pictures, and their content hashes', async () => {
  await writeCoco([image(0, undefined, 'train'), image(1, undefined, 'val'), image(2, undefined, 'test')]);
  const data = await readCaptionDataset({ path: folder });
  expect(data.splits).toEqual(['train', 'val', 'test']);
  const [row] = data.split('test');
  expect(row).toMatchObject({ id: '2', prompt: '', answers: ['A dot.'] });
  const picture = row!.picture!;
  expect(picture.source).toBe(join(folder, 'images', '2.bmp'));
  expect(await picture.load()).toEqual({ width: 1, height: 1, data: Uint8Array.of(2, 2, 3) });
  const before = picture.fingerprint;
  await utimes(picture.source, new Date(0), new Date(0));
  expect((await readCaptionDataset({ path: folder })).split('test')[0]!.picture!.fingerprint).toBe(before);
  await writeFile(picture.source, pixelBmp(9, 9, 9));
  expect((await readCaptionDataset({ path: folder })).split('test')[0]!.picture!.fingerprint).not.toBe(
    before,
  );
});

test('carves a validation split where there is none', async () => {
  await writeCoco([image(0), image(1), image(2), image(3)]);
  const data = await readCaptionDataset({ path: folder, validationShare: 0.25, seed: 3 });
  expect([data.split('train').length, data.split('val').length]).toEqual([3, 1]);
  expect(data.notes).toEqual([
    'the file names no splits: every row is for training',
    '1 rows of train carved out as val (seed 3)',
  ]);
  expect((await readCaptionDataset({ path: folder, validationShare: 0 })).splits).toEqual(['train']);
});

test('every picture that cannot be used is named with its entry', async () => {
  await writeFile(join(folder, 'images', 'empty.bmp'), '');
  const names = ['no.bmp', '../secret.bmp', '/etc/hostname', 'empty.bmp', '0.bmp/x.bmp'];
  await writeCoco([image(0), ...names.map((name, index) => image(index + 1, name))]);
  const images = join(folder, 'images');
  await expect(readCaptionDataset({ path: folder })).rejects.toMatchObject({
    code: 'invalid-data',
    data: {
      file: join(folder, 'captions.json'),
      faults: [
        `images[1].file_name names ${join(images, 'no.bmp')}, which does not exist`,
        `images[2].file_name names "../secret.bmp", which is outside ${images}`,
        `images[3].file_name names "/etc/hostname", which is outside ${images}`,
        `images[4].file_name names ${join(images, 'empty.bmp')}, which is empty`,
        `images[5].file_name names ${join(images, '0.bmp', 'x.bmp')}, which does not exist`,
      ],
    },
  });
});

test('missing pictures are left out when asked, and counted', async () => {
  await writeCoco([image(0), image(1), image(7)]);
  const data = await readCaptionDataset({ path: folder, missingPictures: 'leave-out', validationShare: 0 });
  expect(data.split('train').map(({ id }) => id)).toEqual(['0', '1']);
  expect(data.notes).toContain(
    '1 rows whose picture does not exist left out, the first at images[2].file_name',
  );
  await writeCoco([image(8)]);
  await expect(readCaptionDataset({ path: folder, missingPictures: 'leave-out' })).rejects.toThrow(
    /no row for training is left/,
  );
});

test('reads a CSV with pictures beside it, fingerprinted by their state on disk', async () => {
  await writeFile(
    join(folder, 'mine.csv'),
    'image,caption\nimages/0.bmp,A dot.\nimages/1.bmp,"A dot, again."\n',
  );
  const options = { fingerprint: 'stat', images: folder, validationShare: 0 } as const;
  const data = await readCaptionDataset({ path: join(folder, 'mine.csv'), ...options });
  expect(data.name).toBe('mine.csv');
  expect(data.split('train')[1]).toMatchObject({ id: 'images/1.bmp', answers: ['A dot, again.'] });
  expect(data.split('train')[0]!.picture!.fingerprint).toMatch(/^stat:images\/0\.bmp:58:/);
});

test('a check finds broken pictures and pictures shared by splits', async () => {
  await writeFile(join(folder, 'images', '1.bmp'), pixelBmp(0, 2, 3)); // as 0.bmp
  await writeFile(join(folder, 'images', '2.bmp'), pixelBmp(2, 2, 3).subarray(0, 55));
  await writeCoco([image(0, undefined, 'train'), image(1, undefined, 'val'), image(2, undefined, 'val')]);
  const data = await readCaptionDataset({ path: folder });
  await expect(data.split('val')[1]!.picture!.load()).rejects.toSatisfy(EimError.isInstance);
  const report = await checkDataset(data);
  const path = (name: string) => join(folder, 'images', name);
  expect(report.problems).toEqual([
    `${path('1.bmp')} (val) is the same picture as ${path('0.bmp')} (train)`,
    expect.stringContaining(`The picture ${path('2.bmp')} cannot be decoded: it is cut off.`),
  ]);
  expect(report.splits.val).toEqual({
    rows: 2,
    rowsWithPicture: 2,
    pictures: 2,
    answers: 2,
    answersPerRow: { min: 1, mean: 1, max: 1 },
    repeatedAnswers: 0,
    rowsWithPrompt: 0,
    distinctPrompts: 0,
    rowsWithChoices: 0,
    rowsWithEarlierTurns: 0,
  });
});

test('a folder without, or with several, caption files is refused by name', async () => {
  await expect(readCaptionDataset({ path: join(folder, 'nowhere') })).rejects.toMatchObject({
    code: 'missing-file',
  });
  await expect(readCaptionDataset({ path: folder })).rejects.toThrow(/holds no caption file/);
  await writeFile(join(folder, 'dataset_a.json'), '{}');
  await writeFile(join(folder, 'dataset_b.json'), '{}');
  await expect(readCaptionDataset({ path: folder })).rejects.toThrow(
    /more than one caption file: dataset_a\.json, dataset_b\.json/,
  );
  await writeCoco([]);
  await expect(readCaptionDataset({ path: folder })).rejects.toThrow(/captions\.json holds no row/);
  await writeCoco([image(0)]);
  await expect(readCaptionDataset({ path: folder, images: '/nowhere' })).rejects.toThrow(
    /folder \/nowhere does not/,
  );
});

test('captions answer prompts, drawn by seed and the same for a picture whatever other pictures there are', async () => {
  const prompts = ['What is it?', 'Describe it.', 'Say what you see.'];
  const read = async (count: number, seed = 1) => {
    await writeCoco(
      [0, 1, 2, 3].slice(0, count).map((id) => image(id, undefined, id === 0 ? 'val' : 'train')),
    );
    const data = await readCaptionDataset({ path: folder, prompts, seed });
    return data.split('train').map(({ prompt, answers }) => [prompt, answers[0]]);
  };
  const all = await read(4);
  expect(all.every(([prompt, answer]) => prompts.includes(prompt!) && answer === 'A dot.')).toBe(true);
  expect(await read(3)).toEqual(all.slice(0, 2));
  const drawn = new Set<string>();
  for (const seed of [1, 2, 3, 4, 5]) drawn.add(JSON.stringify(await read(4, seed)));
  expect(drawn.size).toBeGreaterThan(1);
  await expect(readCaptionDataset({ path: folder, prompts: [] })).rejects.toThrow(/prompts/);
});
