import type { Picture, Row } from '@eim/contracts';
import { expect, test } from 'vitest';
import { checkDataset } from './check-dataset.js';
import { createDataset } from './create-dataset.js';
import { createSceneDataset } from './scenes/scene-dataset.js';

const picture = (fingerprint: string, loads: string[] = []): Picture => ({
  fingerprint,
  source: `${fingerprint}.png`,
  load: async () => {
    loads.push(fingerprint);
    return { width: 1, height: 1, data: new Uint8Array(3) };
  },
});
const row = (id: string, more: Partial<Row> = {}): Row => ({ id, prompt: 'What?', answers: ['x'], ...more });

test('counts what a split holds, and decodes each distinct picture once', async () => {
  const loads: string[] = [];
  const rows = [
    row('1', { picture: picture('a', loads), prompt: '', answers: ['one', 'two', 'one'] }),
    row('2', { picture: picture('a', loads), choices: ['x', 'y'] }),
    row('3', { picture: picture('b', loads) }),
    row('4', { prompt: 'Why?', earlier: [{ prompt: 'Who?', answer: 'me' }] }),
  ];
  const steps: [number, number][] = [];
  const report = await checkDataset(createDataset('quiz', new Map([['train', rows]]), ['a note']), {
    onProgress: (done, total) => steps.push([done, total]),
  });
  expect(report).toEqual({
    name: 'quiz',
    notes: ['a note'],
    problems: [],
    splits: {
      train: {
        rows: 4,
        rowsWithPicture: 3,
        pictures: 2,
        answers: 6,
        answersPerRow: { min: 1, mean: 1.5, max: 3 },
        repeatedAnswers: 1,
        rowsWithPrompt: 3,
        distinctPrompts: 2,
        rowsWithChoices: 1,
        rowsWithEarlierTurns: 1,
      },
    },
  });
  expect(loads).toEqual(['a', 'b']);
  expect(steps).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

test('says in words what is wrong, and bounds each kind', async () => {
  const broken = { ...picture('z'), load: () => Promise.reject(new Error('z.png is cut off.')) };
  const train = [
    row('1', { answers: [] }),
    row('2', { choices: ['a', 'b'] }),
    row('2', { choices: ['The answer is A.'], answers: ['The answer is A. BECAUSE: so.'] }),
    row('3', { prompt: '' }),
    row('4', { picture: broken }),
    row('5', { picture: picture('a') }),
  ];
  const test = [row('6', { picture: { ...picture('a'), source: 'b.png' } }), row('7', { picture: broken })];
  const many = Array.from({ length: 25 }, (_, index) => row(`${index}`, { answers: [] }));
  const splits = new Map([
    ['train', train],
    ['test', test],
  ]);
  expect((await checkDataset(createDataset('quiz', splits))).problems).toEqual([
    'row 2 of train has the id of an earlier row',
    'row 1 of train has no answer',
    'row 2 of train has an answer that names none of its choices',
    'row 3 of train has neither a prompt nor a picture',
    'b.png (test) is the same picture as a.png (train)',
    'z.png is in train and in test',
    'z.png is cut off.',
  ]);
  const { problems } = await checkDataset(createDataset('many', new Map([['train', many]])));
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)).toBe('and 5 more problems of this kind');
});

test('an aborted check rejects with the reason', async () => {
  const reason = new Error('stop');
  const data = createSceneDataset({ train: 3, val: 0, test: 0 });
  await expect(checkDataset(data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
