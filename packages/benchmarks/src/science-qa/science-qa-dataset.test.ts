import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerQuestion, PROMPT_TEMPLATES, promptQuestion } from './prompts.js';
import { readProblems } from './read-problems.js';
import { scienceQaDataset } from './science-qa-dataset.js';

const fixture = join(import.meta.dirname, '__fixtures__', 'problems.json');
const { problems } = readProblems(new Map([['problems.json', readFileSync(fixture)]]));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-scienceqa-'));
  await cp(fixture, join(folder, 'problems.json'));
  const splits = { trainval: ['1', '2', '4'], train: ['4', '1'], val: ['2'], test: ['3', '99'] };
  await writeFile(join(folder, 'pid_splits.json'), JSON.stringify(splits));
});
afterEach(() => rm(folder, { recursive: true }));

async function open(options: object): Promise<Dataset> {
  const checked = scienceQaDataset.optionsSchema.safeParse({ path: folder, ...options });
  if (!checked.success)
    throw new Error(checked.error.issues.map(({ path, message }) => `${path} ${message}`).join('; '));
  return scienceQaDataset.create(checked.data, {});
}

test('gives the published splits in their order, with pictures, and notes what the data lack', async () => {
  for (const [id, bytes] of [
    ['train/1', 'a'],
    ['test/3', 'a'],
  ]) {
    await mkdir(join(folder, id!), { recursive: true });
    await writeFile(join(folder, id!, 'image.png'), bytes!);
  }
  // The fixture calls every question one of the test split, so its pictures lie there.
  await cp(join(folder, 'train/1'), join(folder, 'test/1'), { recursive: true });
  const data = await open({});
  expect(data.splits).toEqual(['train', 'val', 'test']);
  expect(data.splits.map((split) => data.split(split).map(({ id }) => id))).toEqual([
    ['4', '1'],
    ['2'],
    ['3'],
  ]);
  expect(data.notes).toEqual(['the data lack 1 of the 2 questions of test']);
  const [text, shown] = data.split('train');
  expect(text).not.toHaveProperty('picture');
  expect(shown!.picture!.source).toBe(join(folder, 'test/1/image.png'));
  expect(shown!.picture!.fingerprint).toBe(data.split('test')[0]!.picture!.fingerprint);
  expect(() => data.split('trainval')).toThrow(/has no split "trainval"/);
});

test.each(PROMPT_TEMPLATES)(
  '%s has the prompts and answers of the benchmark, and an answer holds one choice',
  async (prompt) => {
    const data = await open({ prompt, missingPictures: 'leave-out' });
    const rows = data.splits.flatMap((split) => data.split(split));
    expect(rows.map(({ id }) => id)).toEqual(['4', '2']);
    expect(data.notes).toContain('1 of the 2 questions of train left out: no picture');
    for (const row of rows) {
      const problem = problems.get(row.id)!;
      expect(row.prompt).toBe(promptQuestion(problem, prompt));
      expect(row.answers).toEqual([answerQuestion(problem, prompt)]);
      expect(row.choices!.map((choice) => row.answers[0]!.includes(choice))).toEqual(
        problem.choices.map((_, place) => place === problem.answer),
      );
    }
  },
);

test('missing pictures and wrong options are refused by name', async () => {
  await expect(open({})).rejects.toThrow(
    /lacks 2 of the 2 pictures of scienceqa's questions: test\/1\/image\.png of "1"/,
  );
  await expect(open({ prompt: 'ABC', limit: 0, colour: 1 })).rejects.toThrow(
    `limit has to be a whole number from 1 on; prompt has to be one of ${PROMPT_TEMPLATES.join(', ')}; colour is no option here`,
  );
  await writeFile(
    join(folder, 'problems.json'),
    readFileSync(fixture, 'utf8').replaceAll('image.png', '../../../x.png'),
  );
  await expect(open({})).rejects.toThrow(/lacks 2 of the 2 pictures/);
});

const shared = resolve(import.meta.dirname, '../../../..', process.env.EIM_DATA ?? '../shared/data');
const lavin = join(resolve(shared, process.env.EIM_ORIGINALS ?? 'originals'), 'lavin', 'prompts.json');
const without = existsSync(lavin) ? '' : ` (skipped: no ${lavin})`;

test.skipIf(without)(`rows are LaVIN's own prompts and answers${without}`, async () => {
  const { problems, captions, runs } = JSON.parse(readFileSync(lavin, 'utf8')) as {
    problems: Record<string, object>;
    captions: Record<string, string>;
    runs: {
      prompt_format: string;
      use_caption: boolean;
      rows: { pid: string; prompt: string; answer: string }[];
    }[];
  };
  const entries = Object.entries(problems).map(([id, problem]) => [
    id,
    { ...problem, image: null, split: 'train' },
  ]);
  await writeFile(join(folder, 'problems.json'), JSON.stringify(Object.fromEntries(entries)));
  await writeFile(join(folder, 'captions.json'), JSON.stringify({ captions }));
  await writeFile(join(folder, 'pid_splits.json'), JSON.stringify({ train: Object.keys(problems) }));
  const whole = runs.filter(({ prompt_format }) => prompt_format === 'QCM-ALE');
  expect(whole.length).toBeGreaterThan(0);
  for (const { use_caption, rows } of whole) {
    const data = await open({ prompt: 'LaVIN', caption: use_caption ? 'yes' : 'no' });
    const own = data
      .split('train')
      .map(({ id, prompt, answers }) => ({ pid: id, prompt, answer: answers[0] }));
    expect(own).toEqual(rows.map(({ pid, prompt, answer }) => ({ pid, prompt, answer })));
  }
});

const sample = join(shared, 'scienceqa');
const reason = existsSync(sample) ? '' : ` (skipped: no ${sample})`;

test.skipIf(reason)(`opens the 4,241 test questions with their 2,017 pictures${reason}`, async () => {
  const paths = { path: sample, fingerprint: 'stat', prompt: 'plain' };
  const data = await open(paths);
  const rows = data.split('test');
  expect(rows).toHaveLength(4241);
  expect(rows.filter(({ picture }) => picture)).toHaveLength(2017);
  const first = rows.find(({ picture }) => picture)!;
  expect(Math.max((await first.picture!.load()).width, (await first.picture!.load()).height)).toBe(224);
});
