import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, REPOSITORY, SHARED_DATA, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const write = (name: string, value: unknown) => {
  const path = join(folder, name);
  const isRaw = typeof value === 'string' || value instanceof Uint8Array;
  writeFileSync(path, isRaw ? value : JSON.stringify(value));
  return path;
};
const PROBLEMS = join(REPOSITORY, 'packages/benchmarks/src/science-qa/__fixtures__/problems.json');
write('problems.json', readFileSync(PROBLEMS));
write('pid_splits.json', { train: ['4'], test: ['1', '2', '3'] });
const score = (predictions: string, ...options: string[]) =>
  eim(['score', 'scienceqa', '--predictions', predictions, '--data', folder, ...options]);

test('prints the official columns and what was counted how, as one JSON document', async () => {
  const predictions = write('p.json', { 1: 2, 2: 'The answer is B. BECAUSE: x', 3: 'I do not know' });
  const other = write('other.jsonl', '{"question_id": 1, "text": "A"}\n{"question_id": "2", "text": "B"}\n');
  const { code, out, err } = await score(predictions, '--against', other, '--json');
  expect([code, err]).toEqual([0, '']);
  const document = JSON.parse(out);
  expect(Object.keys(document).slice(0, 9)).toEqual([
    'NAT',
    'SOC',
    'LAN',
    'TXT',
    'IMG',
    'NO',
    'G1-6',
    'G7-12',
    'AVG',
  ]);
  expect(document).toMatchObject({
    AVG: 66.67,
    unparsed: { count: 1, rule: 'wrong' },
    missing: 0,
    absent: {},
    mcnemar: { against: other, AVG: 33.33, onlyThis: 1, onlyOther: 0, pValue: 1 },
  });
  const text = await score(predictions, '--unparsed', 'random', '--seed', '7');
  expect(text.out).toMatch(/1 answers name no choice; each counts as a random choice \(seed 7\)/);
});

test('every fault of a file names its place and exits 2 with nothing on standard output', async () => {
  const latin = Uint8Array.of(...new TextEncoder().encode('{"1": "A",\n"2": "'), 0xe9, 0x22, 0x7d);
  const cases: [string, string, RegExp][] = [
    ['unknown', write('unknown.json', { 1: 0, 99: 1 }), /unknown\.json: 1 of 2 answers .*\["99"\]/],
    ['duplicate', write('twice.json', '{"1": 0,\n"1": 1}'), /twice\.json: line 2 has "1" a second time/],
    ['type', write('type.json', { 1: { a: 1 } }), /type\.json: \["1"\] is an object, not a choice/],
    ['cut', write('cut.json', '{"1": 0, "2": "The an'), /cut\.json: the JSON ends in the middle, at line 1/],
    ['empty', write('empty.json', ''), /empty\.json: the file is empty/],
    ['encoding', write('latin.json', latin), /latin\.json: line 2 is not UTF-8/],
    [
      'line',
      write('bad.jsonl', '{"question_id": 1, "text": "A"}\n{"question_id"'),
      /bad\.jsonl: line 2 is not/,
    ],
    ['absent', join(folder, 'none.json'), /none\.json does not exist/],
  ];
  for (const [name, file, message] of cases) {
    const { code, out, err } = await score(file);
    expect([name, code, out]).toEqual([name, 2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  }
  expect((await score(write('ok.json', { 1: 0 }), '--unparsed', 'maybe')).code).toBe(2);
});

test('answers of a megabyte are read; missing ones are counted, not left out', async () => {
  const long = 'The sky is blue. '.repeat(62_000);
  const { code, out } = await score(write('long.json', { 1: `The answer is C. BECAUSE: ${long}` }), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ AVG: 33.33, questions: 3, missing: 2, unparsed: { count: 2 } });
});

const data = join(SHARED_DATA, 'scienceqa');
test.skipIf(!existsSync(data))(`GPT-3's stored predictions (needs ${data})`, async () => {
  const predictions = join(data, 'gpt3_final_test_QCM-ALE_2_seed_3.json');
  const run = (...options: string[]) =>
    eim(['score', 'scienceqa', '--predictions', predictions, '--data', data, '--json', ...options]);
  const { out } = await run();
  expect(JSON.parse(out)).toMatchObject({ TXT: 74.68, IMG: 67.43, NO: 79.93, AVG: 75.17 });
  const reparsed = JSON.parse((await run('--reparse', '--unparsed', 'wrong')).out);
  expect(reparsed).toMatchObject({ TXT: 72.78, IMG: 66.04, NO: 74.22, AVG: 72.18 });
  const cut = await eim([
    ...['score', 'scienceqa', '--predictions', predictions],
    ...['--data', join(data, 'thinksqa_problems.json')],
  ]);
  expect([cut.code, cut.out]).toEqual([2, '']);
  expect(cut.err).toMatch(/thinksqa_problems\.json: the JSON ends in the middle, at line 34949/);
});
