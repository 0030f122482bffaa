import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pixelBmp } from '../testing/pixel-bmp.js';
import { readQuestionDataset } from './read-question-dataset.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-questions-'));
  await mkdir(join(folder, 'images'));
  for (const name of ['a', 'b']) await writeFile(join(folder, 'images', `${name}.bmp`), pixelBmp(1, 2, 3));
});
afterEach(() => rm(folder, { recursive: true }));

const question = (id: string, more: object = {}) => ({ id, question: `What is ${id}?`, answer: id, ...more });
const write = (name: string, rows: readonly object[]) =>
  writeFile(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));

test('rows of one picture hold one picture, and text stands beside them', async () => {
  const shown = { image: 'a.bmp' };
  await write('questions.jsonl', [question('1', shown), question('2'), question('3', shown)]);
  const data = await readQuestionDataset({ path: folder, validationShare: 0 });
  expect(data.name).toBe('questions');
  const [first, second, third] = data.split('train');
  expect(first!.picture).toBe(third!.picture);
  expect(second).toEqual({ id: '2', prompt: 'What is 2?', answers: ['2'] });
  expect(await first!.picture!.load()).toEqual({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3) });
});

test('files called after splits are splits, and a set need not have one for training', async () => {
  await write('test.jsonl', [question('t')]);
  expect((await readQuestionDataset({ path: folder })).splits).toEqual(['test']);
  await write('dev.jsonl', [question('d', { split: 'val' })]);
  await writeFile(join(folder, 'train.json'), JSON.stringify([question('x'), question('y')]));
  const data = await readQuestionDataset({ path: folder });
  expect(data.splits).toEqual(['train', 'val', 'test']);
  expect(data.splits.map((name) => data.split(name).map(({ id }) => id))).toEqual([['x', 'y'], ['d'], ['t']]);
});

test('mistakes of all files are reported together', async () => {
  await write('train.jsonl', [question('1', { split: 'test' }), question('2', { image: 'no.bmp' })]);
  await write('val.jsonl', [{ question: 'x' }]);
  await write('dev.jsonl', [question('3')]);
  await expect(readQuestionDataset({ path: folder })).rejects.toMatchObject({
    data: {
      faults: [
        'train.jsonl: line 1 is for the split "test", but stands in the file of "train"',
        'val.jsonl holds the split "val", and so does dev.jsonl',
        'val.jsonl: line 1, answer is missing',
      ],
    },
  });
});

test('missing pictures are errors, or their rows are left out', async () => {
  await write('mine.jsonl', [
    question('1', { image: 'no.bmp' }),
    question('2'),
    question('3', { image: 'no.bmp' }),
  ]);
  const path = join(folder, 'mine.jsonl');
  await expect(readQuestionDataset({ path })).rejects.toThrow(
    /line 1, image names .*no\.bmp, which does not exist\.$/,
  );
  const data = await readQuestionDataset({ path, missingPictures: 'leave-out' });
  expect(data.split('train').map(({ id }) => id)).toEqual(['2']);
  expect(data.notes).toContain('2 rows whose picture does not exist left out, the first at line 1, image');
});

test('a validation split is carved out by seed, with the rows of one picture on one side', async () => {
  const rows = Array.from({ length: 40 }, (_, index) =>
    question(`${index}`, index < 20 ? { image: 'a.bmp' } : {}),
  );
  await write('questions.jsonl', rows);
  const options = { path: folder, validationShare: 0.25, seed: 4 };
  const data = await readQuestionDataset(options);
  expect(data.split('val')).toHaveLength(10);
  expect(data.split('val').every(({ picture }) => picture === undefined)).toBe(true);
  const again = await readQuestionDataset(options);
  expect(again.split('val').map(({ id }) => id)).toEqual(data.split('val').map(({ id }) => id));
  expect((await readQuestionDataset({ ...options, limit: 3 })).split('train')).toHaveLength(3);
});

test('wrong options and an aborted signal end the reading', async () => {
  const wrong = { path: folder, format: 'vqa', share: 1 } as never;
  await expect(readQuestionDataset(wrong)).rejects.toThrow(
    /options of a data set of questions are wrong: format: .*"share"/,
  );
  await write('questions.jsonl', [question('1', { image: 'a.bmp' })]);
  const reason = new Error('stop');
  await expect(readQuestionDataset({ path: folder }, { signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});
