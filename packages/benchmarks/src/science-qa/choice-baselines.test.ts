import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { choiceBaselines } from './choice-baselines.js';
import { readProblems } from './read-problems.js';
import { scienceQaBenchmark } from './science-qa-benchmark.js';
import { selectSplit } from './select-split.js';

const listed = (rows: readonly object[]) =>
  readProblems(
    new Map([
      [
        'sqa_train_text.json',
        new TextEncoder().encode(
          JSON.stringify(
            rows.map((row, index) => ({ pid: index, split: 'test', question: 'Which?', ...row })),
          ),
        ),
      ],
    ]),
  );

test('a random choice is worth 1 / n of each question, and the most common letter what it hits', () => {
  const data = listed([
    { choices: ['a', 'b'], answer: 1, hint: '' },
    { choices: ['a', 'b', 'c', 'd'], answer: 1, hint: 'A hint.', image: 'x.png' },
    { choices: ['a', 'b'], answer: 0, hint: '' },
  ]);
  const problems = selectSplit(data, 'test');
  const baselines = choiceBaselines(problems);
  expect(Object.keys(baselines)).toEqual(['random choice', 'always B']);
  expect(baselines['random choice']).toMatchObject({ AVG: 41.67, IMG: 25, NO: 50, TXT: 25 });
  expect(baselines['always B']).toMatchObject({ AVG: 66.67, IMG: 100, NO: 50, TXT: 100 });
  const scores = scienceQaBenchmark.aggregate([1, -1, 0], problems);
  expect(scores).toMatchObject({ AVG: 66.67, standardError: { AVG: 27.22 }, baselines });
});

test('listed questions take a hint, and know only with it whether there is a text', () => {
  const { problems } = listed([
    { choices: ['a', 'b'], answer: 0, hint: 'Look.' },
    { choices: ['a', 'b'], answer: 0 },
  ]);
  expect(problems.get('0')).toMatchObject({ hint: 'Look.', hasText: true });
  expect(problems.get('1')).not.toHaveProperty('hint');
  expect(problems.get('1')).not.toHaveProperty('hasText');
  expect(() => listed([{ choices: ['a', 'b'], answer: 0, hint: 3 }])).toThrow(/\[0\]\.hint is/);
});

const file = join(
  resolve(import.meta.dirname, '../../../..', process.env.EIM_DATA ?? '../shared/data'),
  'scienceqa/sqa_test_4241.json',
);
const why = existsSync(file) ? '' : ` (skipped: no ${file})`;
test.skipIf(why)(`random choice on the published test questions${why}`, () => {
  const data = readProblems(new Map([['sqa_test_4241.json', readFileSync(file)]]));
  // Means of 1 / choices. Lu et al. 2022 print one draw: 39.83 on average, and columns that no draw of these choices gives.
  const expected = { AVG: 40, TXT: 42, IMG: 35.49, NO: 44.14 };
  expect(choiceBaselines(selectSplit(data, 'test'))['random choice']).toEqual(expected);
});
