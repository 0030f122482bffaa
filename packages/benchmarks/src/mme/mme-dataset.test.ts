import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FolderSettings } from '../datasets/folder-settings.js';
import { mmeDataset } from './mme-dataset.js';
import { parseYesNo } from './score-tasks.js';
import { MME_TASKS } from './tasks.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-mme-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = async (more: Partial<FolderSettings> = {}) => {
  const checked = mmeDataset.optionsSchema.safeParse({ path: folder, ...more });
  if (!checked.success) throw new Error('wrong options');
  return mmeDataset.create(checked.data, {});
};

/** One picture with two questions for each task, in the layout of a file a task or of a folder a task. */
async function write(layout: 'file' | 'folder'): Promise<void> {
  for (const task of MME_TASKS) {
    const questions = [`Is it ${task}?\tYes`, `Is it not ${task}?\tNo`];
    const pictures = layout === 'file' ? join(folder, task) : join(folder, task, 'images');
    await mkdir(pictures, { recursive: true });
    await writeFile(join(pictures, '0001.png'), task);
    if (layout === 'file') {
      const lines = questions.map((line) => `0001.png\t${line}\n`);
      await writeFile(join(folder, `${task}.txt`), lines.join(''));
    } else {
      await mkdir(join(folder, task, 'questions_answers_YN'));
      await writeFile(join(folder, task, 'questions_answers_YN', '0001.txt'), questions.join('\n'));
    }
  }
}

test.each(['file', 'folder'] as const)('opens a %s for each task', async (layout) => {
  await write(layout);
  const data = await open();
  expect(data.splits).toEqual(['test']);
  const rows = data.split('test');
  expect(rows).toHaveLength(2 * MME_TASKS.length);
  expect(rows[0]).toMatchObject({ prompt: 'Is it existence?', answers: ['Yes'], choices: ['Yes', 'No'] });
  expect(rows[1]).toMatchObject({ prompt: 'Is it not existence?', answers: ['No'] });
  expect(rows[0]!.picture).toBe(rows[1]!.picture);
  expect(new Set(rows.map(({ picture }) => picture!.fingerprint)).size).toBe(MME_TASKS.length);
  expect(rows.map(({ answers }) => parseYesNo(answers[0]!)).filter((answer) => answer === 'other')).toEqual(
    [],
  );
  expect((await open({ limit: 3 })).split('test')).toHaveLength(3);
});

test('tasks and pictures that are not there are refused', async () => {
  await write('file');
  await rm(join(folder, 'scene'), { recursive: true });
  await expect(open()).rejects.toThrow(/lacks 2 of the 28 pictures of mme's questions: scene\/0001\.png/);
  const data = await open({ missingPictures: 'leave-out' });
  expect(data.notes).toEqual(['2 of the 28 questions of test left out: no picture']);
  await rm(join(folder, 'OCR.txt'));
  await expect(open()).rejects.toMatchObject({ code: 'missing-file', data: { missing: ['OCR'] } });
});

const questions = join(
  resolve(import.meta.dirname, '../../../..', process.env.EIM_DATA ?? '../shared/data'),
  'mme/questions',
);
const why = existsSync(questions) ? '' : ` (skipped: no ${questions})`;

test.skipIf(why)(`reads the published questions, whose pictures are not here${why}`, async () => {
  await expect(open({ path: questions })).rejects.toThrow(/lacks 2374 of the 2374 pictures/);
  await expect(open({ path: questions, missingPictures: 'leave-out' })).rejects.toThrow(
    /No question of mme is left/,
  );
});
