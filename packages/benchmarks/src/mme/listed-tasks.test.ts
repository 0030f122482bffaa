import { expect, test } from 'vitest';
import { mmeBenchmark } from './mme-benchmark.js';
import type { YesNo } from './score-tasks.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const TASK = bytes('1.png\tIs it?\tYes\tYes\n1.png\tIs it not?\tNo\tNo\n');
const load = (list: string, names: readonly string[]) =>
  mmeBenchmark.load(new Map([['tasks.txt', bytes(list)], ...names.map((name) => [name, TASK] as const)]));

test('a folder that lists its tasks is scored on these alone, and says so', () => {
  const names = ['count.txt', 'existence.txt', 'code_reasoning.txt'];
  expect(mmeBenchmark.selectFiles!([...names, 'tasks.txt', 'scenes.json', 'count/1.png'])).toEqual([
    ...names,
    'tasks.txt',
  ]);
  const items = load('count\nexistence\n', names);
  expect(items.map(({ task }) => task)).toEqual(['existence', 'existence', 'count', 'count']);
  const scores = mmeBenchmark.aggregate(['yes', 'no', 'yes', 'yes'] as YesNo[], items);
  expect(scores).toEqual({
    partOf: "2 of MME's 14 tasks: totals are not those of MME",
    perception: 250,
    tasks: {
      existence: expect.objectContaining({ score: 200 }),
      count: expect.objectContaining({ score: 50 }),
    },
    baselines: { 'coin flip': { perception: 150 }, 'always yes': { perception: 100 } },
  });
});

test('a task that is listed and not there, is no task or stands twice is refused', () => {
  expect(() => load('count\ncolor', ['count.txt'])).toThrow(
    /The questions of color are not there.*tasks\.txt/,
  );
  expect(() => load('count\n\ncolour', ['count.txt'])).toThrow(/line 3 names "colour", which is no task/);
  expect(() => load('count\ncount', ['count.txt'])).toThrow(/line 2 names count a second time/);
  expect(() => load('\n', ['count.txt'])).toThrow(/names no task/);
});
