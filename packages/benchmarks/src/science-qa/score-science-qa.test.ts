import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMNS } from './columns.js';
import { parseAnswer } from './parse-answer.js';
import { readPredictions } from './read-predictions.js';
import { readProblems, selectProblemFiles } from './read-problems.js';
import { scienceQaBenchmark } from './science-qa-benchmark.js';
import { scoreScienceQa } from './score-science-qa.js';

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const official = readFileSync(join(import.meta.dirname, '__fixtures__/problems.json'));
const data = readProblems(
  new Map([
    ['problems.json', official],
    ['pid_splits.json', bytes({ test: ['1', '2', '3'], train: ['4'], val: ['8', '9'] })],
  ]),
);
const predict = (value: unknown, file = 'p.json') => readPredictions(file, bytes(value));
const score = (value: unknown, options = {}) =>
  scoreScienceQa({ data, predictions: predict(value), ...options });

function fault(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(EimError.isInstance(error) && error.isUserMistake).toBe(true);
    return (error as EimError).message;
  }
  return expect.fail('nothing was refused');
}

test('all nine columns come from the official layout', () => {
  expect(score({ 1: 2, 2: 'The answer is B.', 3: 'C' })).toMatchObject({
    NAT: 100,
    SOC: 0,
    LAN: 100,
    TXT: 100,
    IMG: 50,
    NO: 100,
    'G1-6': 50,
    'G7-12': 100,
    AVG: 66.67,
    questions: 3,
    correct: 2,
    unparsed: { count: 0, rule: 'wrong' },
    absent: {},
  });
});

test('every form of predictions gives the same', () => {
  const expected = score({ 1: 2, 2: 1, 3: -1 });
  expect(expected).toMatchObject({ AVG: 66.67, unparsed: { count: 1 }, missing: 0 });
  const forms = [
    predict({ results: { 1: 2, 2: 1, 3: -1 }, outputs: { 1: 'x', 2: 'y', 3: 'A' } }),
    predict({ 1: 'C', 2: 'B. river', 3: 'no idea' }),
    predict(
      '{"question_id": "1", "text": "C"}\n{"question_id": 2, "text": "B"}\n{"question_id": "3", "text": ""}',
    ),
  ];
  for (const predictions of forms) expect(scoreScienceQa({ data, predictions })).toEqual(expected);
  const missing = score({ results: { 1: 2, 2: 1 } });
  expect(missing).toEqual({ ...expected, missing: 1 });
});

test('the texts of a result file count when they are parsed again', () => {
  const file = bytes({
    results: { 1: 0, 2: 0, 3: 0 },
    outputs: { 1: 'C', 2: 'B', 3: 'The answer is B. BECAUSE: x' },
  });
  const predictions = readPredictions('r.json', file, { reparse: true });
  expect(scoreScienceQa({ data, predictions })).toMatchObject({ correct: 2 });
});

test('the random rule draws by seed and question, whatever else is there', () => {
  const none = { 1: '', 2: '', 3: '' };
  const drawn = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => score(none, { unparsed: 'random', seed }));
  expect(new Set(drawn.map(({ correct }) => correct)).size).toBeGreaterThan(1);
  expect(score(none, { unparsed: 'random', seed: 3 })).toEqual(drawn[3]);
  expect(drawn[3]!.unparsed).toEqual({ count: 3, rule: 'random', seed: 3 });
  expect(score(none)).toMatchObject({ correct: 0 });
});

test.each([
  ['A', 0],
  ['B. river', 1],
  ['The answer is B.', 1],
  ['So: The answer is A! BECAUSE: it is', 0],
  ['The answer is A', -1],
  ['The answer is A.\nThe answer is A.', -1],
  ['The answer is D.', -1],
  ['B.', -1],
  ['b', -1],
  ['(A)', -1],
  [' A', -1],
  ['', -1],
])('%j names choice %i of two', (text, expected) => {
  expect(parseAnswer(text, { choices: ['x', 'y'] })).toBe(expected);
});

test('any text names a choice that the question has, or none', () => {
  const words = fc.array(fc.constantFrom('The answer is ', 'A', 'B', 'E', '. ', '\n', 'x', 'BECAUSE: '));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((parts) => parts.join('')),
      ),
      (text) => {
        expect([-1, 0, 1, 2]).toContain(parseAnswer(text, { choices: ['a', 'b', 'c'] }));
      },
    ),
  );
});

test.each<[string, () => unknown, RegExp]>([
  [
    'an unknown question',
    () => score({ 1: 0, 77: 1 }),
    /p\.json: 1 of 2 answers are to questions .*\["77"\]: 77/,
  ],
  ['a choice beyond', () => score({ 1: 3 }), /p\.json: \["1"\] is choice 3, but the question has 3/],
  ['a list', () => score([1, 2]), /p\.json: the document is a list of 2/],
  ['null', () => score({ 1: null }), /p\.json: \["1"\] is null, not a choice/],
  ['a fraction', () => score({ 1: 0.5 }), /p\.json: \["1"\] is 0\.5, not a choice/],
  ['twice', () => score('{"1": 0,\n"1": 1}'), /p\.json: line 2 has "1" a second time/],
  ['cut off', () => score('{"1": 0,\n"2": "The ans'), /p\.json: the JSON ends in the middle, at line 2/],
  [
    'a line twice',
    () => predict('{"question_id": 1, "text": ""}\n{"question_id": "1", "text": ""}', 'p.jsonl'),
    /p\.jsonl: line 2 answers question 1 a second time, after line 1/,
  ],
  [
    'a line without text',
    () => predict('{"question_id": 1}', 'p.jsonl'),
    /p\.jsonl: line 1: text is missing/,
  ],
  ['an unknown split', () => score({}, { split: 'tset' }), /no split "tset".*one of test, train, val/],
  [
    'a split in part',
    () => score({}, { split: 'val' }),
    /lack 2 of the 2 questions of the split "val": 8, 9/,
  ],
])('%s is refused with its place', (_, run, message) => {
  expect(fault(run)).toMatch(message);
});

test('answers to another split are left out and counted', () => {
  expect(score({ 1: 2, 2: 1, 3: 0, 4: 0 })).toMatchObject({ AVG: 100, otherSplits: 1 });
});

test("McNemar's test counts what only one got right", () => {
  const against = predict({ 1: 2, 2: 0, 3: 0 }, 'other.json');
  expect(score({ 1: 2, 2: 1, 3: 1 }, { against }).mcnemar).toEqual({
    against: 'other.json',
    AVG: 66.67,
    onlyThis: 1,
    onlyOther: 1,
    pValue: 1,
  });
});

test('as a benchmark it asks, reads and scores', () => {
  const files = new Map([['problems.json', official]]);
  expect(scienceQaBenchmark.selectFiles!(['problems.json', 'a.png', 'pid_splits.json'])).toEqual([
    'problems.json',
    'pid_splits.json',
  ]);
  const items = scienceQaBenchmark.load(files);
  expect(items.map((item) => scienceQaBenchmark.picture!(item))).toEqual([
    'test/1/image.png',
    undefined,
    'test/3/image.png',
  ]);
  const choices = items.map((item) => scienceQaBenchmark.parse('The answer is A.', item));
  expect(scienceQaBenchmark.aggregate(choices, items)).toMatchObject({ AVG: 33.33, SOC: 100 });
});

const folder = join(
  resolve(import.meta.dirname, '../../../..', process.env.EIM_DATA ?? '../shared/data'),
  'scienceqa',
);
const skipped = !existsSync(folder);
const why = skipped ? ` (skipped: no ${folder})` : '';

test.skipIf(skipped)(`GPT-3's stored predictions give the published columns${why}`, () => {
  const read = (name: string) => readFileSync(join(folder, name));
  const names = selectProblemFiles(['sqa_test_4241.json', 'pid_splits.json', 'captions.json']);
  const real = readProblems(new Map(names.map((name) => [name, read(name)])));
  const file = 'gpt3_final_test_QCM-ALE_2_seed_3.json';
  const result = scoreScienceQa({ data: real, predictions: readPredictions(file, read(file)) });
  expect(result).toMatchObject({ TXT: 74.68, IMG: 67.43, NO: 79.93, AVG: 75.17, correct: 3188 });
  expect(result.questionsByColumn).toEqual({ TXT: 2046, IMG: 2017, NO: 1435, AVG: 4241 });
  expect(COLUMNS.filter((column) => column in result.absent)).toEqual(['NAT', 'SOC', 'LAN', 'G1-6', 'G7-12']);
  expect(result.absent.NAT).toMatch(/subject of 2224 of 4241 questions/);
  const reparsed = scoreScienceQa({
    data: real,
    predictions: readPredictions(file, read(file), { reparse: true }),
    against: readPredictions(file, read(file)),
  });
  expect(reparsed).toMatchObject({ TXT: 72.78, IMG: 66.04, NO: 74.22, AVG: 72.18, unparsed: { count: 249 } });
  expect(reparsed.mcnemar).toMatchObject({ AVG: 75.17, onlyThis: 0 });
  expect(reparsed.mcnemar!.pValue).toBeLessThan(1e-30);
});

test.skipIf(skipped)(`a problems.json that was cut off is refused with its line${why}`, () => {
  const cut = readFileSync(join(folder, 'thinksqa_problems.json'));
  expect(fault(() => readProblems(new Map([['thinksqa_problems.json', cut]])))).toMatch(
    /thinksqa_problems\.json: the JSON ends in the middle, at line 34949/,
  );
});
