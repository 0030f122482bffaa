import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MME_TASKS } from '@eim/benchmarks';
import { expect, test } from 'vitest';
import { eim, SHARED_DATA, scratchFolder } from './run-eim.js';

const scratch = scratchFolder();
/** A folder of answers in which every task has one picture, but for what `texts` say. */
function answers(name: string, texts: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  const plain = 'a.jpg\tIs it?\tYes\tyes\na.jpg\tIs it not?\tNo\tNo.';
  for (const task of MME_TASKS) writeFileSync(join(folder, `${task}.txt`), texts[task] ?? plain);
  return folder;
}
const score = (folder: string, ...options: string[]) =>
  eim(['score', 'mme', '--answers', folder, ...options]);

test('prints totals, tasks and the lines of systems that do not look', async () => {
  const folder = answers('right');
  const { code, out, err } = await score(folder, '--json');
  expect(code).toBe(0);
  expect(err).toMatch(/posters has 2 questions instead of 294/);
  expect(JSON.parse(out)).toMatchObject({
    perception: 2000,
    cognition: 800,
    tasks: { OCR: { accuracy: 100, accuracyPlus: 100, score: 200 } },
    baselines: {
      'coin flip': { perception: 750, cognition: 300 },
      'always yes': { perception: 500, cognition: 200 },
    },
  });
  expect((await score(folder)).out).toMatch(/coin flip +750\.00 +300\.00\nalways yes +500\.00 +200\.00/);
});

test('every fault names its file and line and exits 2 with nothing on standard output', async () => {
  const cases: [string, string | Uint8Array, RegExp][] = [
    ['three', 'a.jpg\tIs it?\tYes', /count\.txt: line 1 has 3 columns/],
    ['break', 'a.jpg\tIs it?\tYes\tyes\nand it is\na.jpg\tOr?\tNo\tno', /count\.txt: line 2 has 1 columns/],
    ['twice', 'a.jpg\tIs it?\tYes\tyes\na.jpg\tIs it?\tYes\tno', /line 2 asks the question of line 1/],
    ['odd', 'a.jpg\tIs it?\tYes\tyes', /line 1 is the only one of a\.jpg/],
    ['encoding', Uint8Array.of(0x61, 0x0a, 0xff, 0xfe), /count\.txt: line 2 is not UTF-8/],
    ['empty', '', /count\.txt: holds no question/],
  ];
  for (const [name, text, message] of cases) {
    const { code, out, err } = await score(answers(name, { count: text }));
    expect([name, code, out]).toEqual([name, 2, '']);
    expect(err).toMatch(message);
  }
  const lacking = answers('lacking');
  rmSync(join(lacking, 'scene.txt'));
  expect(await score(lacking)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('scene.txt') });
});

test('an answer of a megabyte counts by its first characters', async () => {
  const long = 'no, it is not '.repeat(75_000);
  const folder = answers('long', { count: `a.jpg\tIs it?\tYes\tyes\na.jpg\tOr?\tNo\t${long}` });
  expect(JSON.parse((await score(folder, '--json')).out)).toMatchObject({ perception: 2000 });
});

const data = join(SHARED_DATA, 'mme');
test.skipIf(!existsSync(data))(`LaVIN-13B's stored answers (needs ${data})`, async () => {
  const stored = join(data, 'lavin-13b');
  const { code, out, err } = await score(stored, '--questions', join(data, 'questions'), '--json');
  expect([code, err]).toEqual([0, '']);
  const { perception, cognition } = JSON.parse(out);
  expect([perception.toFixed(2), cognition.toFixed(2)]).toEqual(['963.61', '249.64']);
  const short = join(scratch, 'short');
  cpSync(stored, short, { recursive: true });
  writeFileSync(join(short, 'OCR.txt'), 'a.jpg\tIs it?\tYes\tyes\na.jpg\tIs it not?\tNo\tno');
  const refused = await score(short, '--questions', join(data, 'questions'));
  expect(refused).toMatchObject({ code: 2, out: '' });
});
