import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mmeBenchmark } from './mme-benchmark.js';
import { scoreMme } from './score-mme.js';
import { parseYesNo } from './score-tasks.js';
import { MME_TASKS, type MmeTask, OFFICIAL_QUESTIONS } from './tasks.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const lines = (answers: readonly [string, string][]) =>
  answers.map(([right, said], index) => `${index >> 1}.jpg\tQ${index}?\t${right}\t${said}`).join('\n');
const everywhere = (text: string) => new Map(MME_TASKS.map((task) => [`${task}.txt`, bytes(text)]));
const withTask = (task: MmeTask, text: string) =>
  new Map([
    ...everywhere(
      lines([
        ['Yes', 'yes'],
        ['No', 'no'],
      ]),
    ),
    [`${task}.txt`, bytes(text)],
  ]);
const score = (answers: ReadonlyMap<string, Uint8Array>) => scoreMme({ folder: 'answers', answers });

function fault(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(EimError.isInstance(error) && error.isUserMistake).toBe(true);
    return (error as EimError).message;
  }
  return expect.fail('nothing was refused');
}

test('always yes and all right score what their lines say', () => {
  const yes = score(
    everywhere(
      lines([
        ['Yes', 'Yes.'],
        ['No', 'yes it is'],
      ]),
    ),
  );
  expect(yes).toMatchObject({ perception: 500, cognition: 200, other: 0, questions: 28 });
  expect(yes.baselines['always yes']).toEqual({ perception: yes.perception, cognition: yes.cognition });
  expect(yes.baselines['coin flip']).toEqual({ perception: 750, cognition: 300 });
  expect(
    score(
      everywhere(
        lines([
          ['Yes', 'yes'],
          ['no', 'NO'],
        ]),
      ),
    ),
  ).toMatchObject({ perception: 2000, cognition: 800 });
});

test('a pair counts for accuracy+ only where both are right; neither-nor is wrong and counted', () => {
  const text = lines([
    ['Yes', 'yes'],
    ['No', 'yes'],
    ['Yes', 'YES'],
    ['No', 'No'],
    ['Yes', 'maybe'],
    ['No', ''],
  ]);
  expect(score(withTask('OCR', text)).tasks.OCR).toEqual({
    accuracy: 50,
    accuracyPlus: (1 / 3) * 100,
    score: 50 + (1 / 3) * 100,
    questions: 6,
    other: 2,
  });
});

test.each([
  ['Yes', 'yes'],
  ['yes, no', 'yes'],
  ['no.', 'no'],
  [' No', 'no'],
  ['know', 'no'],
  ['"no"', 'no'],
  ['oh, yes', 'other'],
  ['a yes', 'other'],
  ['ayes', 'yes'],
  ['', 'other'],
])('%j is read as %s', (text, expected) => {
  expect(parseYesNo(text)).toBe(expected);
});

test('any answer is one of three, and only its first four characters count', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, tail) => {
      const start = [...`${text}....`].slice(0, 4).join('');
      expect(parseYesNo(start + tail)).toBe(parseYesNo(start));
    }),
  );
});

test.each<[string, string, RegExp]>([
  ['three columns', 'a.jpg\tQ?\tYes', /answers\/count\.txt: line 1 has 3 columns, not 4/],
  ['a tab in an answer', 'a.jpg\tQ?\tYes\tyes\tand more', /count\.txt: line 1 has 5 columns/],
  ['no yes or no', 'a.jpg\tQ?\tMaybe\tyes', /line 1 has "Maybe" as the right answer/],
  ['one line', 'a.jpg\tQ?\tYes\tyes', /line 1 is the only one of a\.jpg/],
  [
    'two pictures',
    'a.jpg\tQ?\tYes\tyes\nb.jpg\tQ?\tNo\tyes',
    /lines 1 and 2 are of two pictures, a\.jpg and b\.jpg/,
  ],
  [
    'a question twice',
    'a.jpg\tQ?\tYes\tyes\na.jpg\tQ?\tYes\tno',
    /line 2 asks the question of line 1 a second/,
  ],
  ['nothing', '\n', /count\.txt: holds no question/],
])('%s is refused with its line', (_, text, message) => {
  expect(fault(() => score(withTask('count', text)))).toMatch(message);
});

test('tasks that are absent are named, files of no task listed, small tasks reported', () => {
  const answers = everywhere(
    lines([
      ['Yes', 'yes'],
      ['No', 'no'],
    ]),
  );
  answers.set('readme.txt', bytes('x'));
  const result = score(answers);
  expect(result.unknownFiles).toEqual(['readme.txt']);
  expect(result.incomplete.posters).toEqual({ given: 2, official: 294 });
  answers.delete('OCR.txt');
  expect(fault(() => score(answers))).toMatch(/answers lacks the answers to 1 of MME's 14 tasks: OCR\.txt/);
});

test('answers are checked against the questions', () => {
  const answers = everywhere(
    lines([
      ['Yes', 'yes'],
      ['No', 'no'],
    ]),
  );
  const check = (text: string) =>
    scoreMme({ folder: 'answers', answers, questions: new Map([['count.txt', bytes(text)]]) });
  expect(check('0.jpg\tQ0?\tYes\n0.jpg\tQ1?\tNo').questions).toBe(28);
  expect(fault(() => check('0.jpg\tQ0?\tNo\n0.jpg\tQ1?\tNo'))).toMatch(
    /line 1 has yes as the right answer, which is no/,
  );
  expect(fault(() => check('0.jpg\tQ8?\tYes\n0.jpg\tQ1?\tNo'))).toMatch(
    /line 1 is no question of the benchmark/,
  );
  expect(fault(() => check('0.jpg\tQ0?\tYes\n0.jpg\tQ1?\tNo\n1.jpg\tQ0?\tYes\n1.jpg\tQ1?\tNo'))).toMatch(
    /answers 2 of 4 questions; the first that is missing is of 1\.jpg/,
  );
});

test('as a benchmark it reads both layouts and asks the question', () => {
  const flat = new Map(MME_TASKS.map((task) => [`${task}.txt`, bytes('1.png\tA?\tYes\n1.png\tB?\tNo')]));
  const nested = new Map(MME_TASKS.map((task) => [`${task}/1.txt`, bytes('A?\tYes\nB?\tNo')]));
  const published = new Map(
    MME_TASKS.map((task) => [`${task}/questions_answers_YN/1.txt`, bytes('A?\tYes\nB?\tNo\n')]),
  );
  const [first, second, third] = [flat, nested, published].map((files) => mmeBenchmark.load(files));
  expect(first!.map((item) => mmeBenchmark.prompt(item)).slice(0, 2)).toEqual(['A?', 'B?']);
  expect([first, second, third].map((items) => mmeBenchmark.picture!(items![0]!))).toEqual([
    'existence/1.png',
    'existence/1',
    'existence/images/1',
  ]);
  const given = first!.map((item) => mmeBenchmark.parse('Yes', item));
  expect(mmeBenchmark.aggregate(given, first!)).toMatchObject({ perception: 500, cognition: 200 });
  expect(mmeBenchmark.selectFiles!(['a.txt', 'OCR.txt', 'OCR/1.txt', 'OCR/1.png', 'eval/OCR.txt'])).toEqual([
    'OCR.txt',
    'OCR/1.txt',
  ]);
});

const folder = join(
  resolve(import.meta.dirname, '../../../..', process.env.EIM_DATA ?? '../shared/data'),
  'mme',
);
const skipped = !existsSync(folder);
const why = skipped ? ` (skipped: no ${folder})` : '';
const readFolder = (name: string) =>
  new Map(
    readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file))] as const),
  );

test.skipIf(skipped)(`LaVIN-13B's stored answers give the published table${why}`, () => {
  const result = scoreMme({
    folder: 'lavin-13b',
    answers: readFolder('lavin-13b'),
    questions: readFolder('questions'),
  });
  expect(result.perception).toBeCloseTo(963.611, 3);
  expect(result.cognition).toBeCloseTo(249.643, 3);
  const rounded = MME_TASKS.map((task) => [task, Number(result.tasks[task].score.toFixed(2))]);
  expect(Object.fromEntries(rounded)).toEqual({
    existence: 185,
    count: 88.33,
    position: 63.33,
    color: 75,
    posters: 79.59,
    celebrity: 47.35,
    scene: 136.75,
    landmark: 93.5,
    artwork: 87.25,
    OCR: 107.5,
    commonsense_reasoning: 87.14,
    numerical_calculation: 65,
    text_translation: 47.5,
    code_reasoning: 50,
  });
  expect(result).toMatchObject({ questions: 2374, incomplete: {}, unknownFiles: [] });
  expect(Object.values(OFFICIAL_QUESTIONS).reduce((sum, count) => sum + count)).toBe(2374);
});
