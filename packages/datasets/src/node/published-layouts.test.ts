import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkDataset } from '../check-dataset.js';
import { readCaptionDataset } from './read-caption-dataset.js';

const root = resolve(import.meta.dirname, '../../../..');
const captions = resolve(root, process.env.EIM_DATA ?? '../shared/data', 'captions');
const rsicd = join(captions, 'rsicd-2400');
const coco = join(captions, 'coco-mini-239');
const skipped = (folder: string) => (existsSync(folder) ? '' : ` (skipped: no ${folder})`);

test.skipIf(!existsSync(rsicd))(`reads 2,400 satellite pictures${skipped(rsicd)}`, async () => {
  const data = await readCaptionDataset({ path: rsicd });
  const report = await checkDataset(data, { decode: false });
  expect(report).toMatchObject({ name: 'rsicd-2400', notes: [], problems: [] });
  const { train, val, test } = report.splits;
  expect([train, val, test].map((split) => split!.pictures)).toEqual([1800, 200, 400]);
  expect(train!.answers + val!.answers + test!.answers).toBe(8419);
  expect([train, val, test].map((split) => split!.repeatedAnswers)).toEqual([0, 0, 0]);
  expect(await data.split('test')[0]!.picture!.load()).toMatchObject({ width: 224, height: 224 });
});

test.skipIf(!existsSync(coco))(`reads and decodes 239 photographs of COCO${skipped(coco)}`, async () => {
  const data = await readCaptionDataset({ path: coco });
  const report = await checkDataset(data);
  expect(report.problems).toEqual([]);
  expect([...data.splits].sort()).toEqual(['train', 'val']);
  expect([data.split('train').length, data.split('val').length]).toEqual([80, 159]);
});

test.skipIf(!existsSync(coco))(`reads them in Karpathy's layout too${skipped(coco)}`, async () => {
  interface Coco {
    images: { id: number; file_name: string; split: string }[];
    annotations: { image_id: number; caption: string }[];
  }
  const source = JSON.parse(readFileSync(join(coco, 'captions.json'), 'utf8')) as Coco;
  const images = source.images.map(({ id, file_name, split }) => ({
    cocoid: id,
    filename: file_name,
    split: split === 'train' ? 'restval' : split,
    sentences: source.annotations
      .filter((item) => item.image_id === id)
      .map(({ caption }) => ({ raw: caption })),
  }));
  const folder = await mkdtemp(join(tmpdir(), 'eim-karpathy-'));
  await writeFile(join(folder, 'dataset_coco.json'), JSON.stringify({ dataset: 'coco', images }));
  const karpathy = await readCaptionDataset({ path: folder, images: join(coco, 'images') });
  await rm(folder, { recursive: true });
  expect(karpathy.notes).toEqual(['80 rows of restval count as train']);
  const plain = await readCaptionDataset({ path: coco });
  for (const split of ['train', 'val']) {
    const essence = (data: typeof plain) =>
      data.split(split).map(({ id, answers, picture }) => ({ id, answers, picture: picture!.fingerprint }));
    expect(essence(karpathy)).toEqual(essence(plain));
  }
});
