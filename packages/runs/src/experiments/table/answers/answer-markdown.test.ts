import { afterAll, expect, test } from 'vitest';
import { armOf } from '../../description/arm-config.js';
import { configHash } from '../../description/config-hash.js';
import type { Experiment } from '../../description/read-experiment.js';
import { writeUnitRecord } from '../../records/record-files.js';
import { unitStates } from '../../records/sort-records.js';
import type { AnswerRecord } from '../../records/unit-record.js';
import { madeUpRecord } from '../../testing/made-up-record.js';
import { cells } from '../../testing/table-cells.js';
import { experimentFolder } from '../../testing/written-experiment.js';
import { experimentTable } from '../result-page.js';

const { write } = await experimentFolder(afterAll);

const TEXT = `base: base.yaml
seeds: [1, 2]
arms:
  plain:
  eim: { plan: { steps: 60 } }
claim: { better: eim, than: plain }
score:
  benchmark: { use: scienceqa, data: questions, options: { prompt: plain }, columns: [AVG, IMG, NAT, XYZ] }
`;

async function record(experiment: Experiment, arm: string, seed: number, right: string): Promise<void> {
  const unit = { arm: armOf(experiment, arm), seed };
  const hash = await configHash(experiment, unit);
  const { score: _, ...training } = madeUpRecord({ arm, seed, configHash: hash, ciderPerPicture: [0] });
  const share = (100 * [...right].filter((digit) => digit === '1').length) / right.length;
  const answered: AnswerRecord = {
    ...training,
    score: {
      benchmark: '@eim/benchmarks/scienceqa',
      options: { prompt: 'plain' },
      items: right.length,
      seconds: 1,
      coreSeconds: 2,
      scores: { AVG: share, IMG: share / 2, 'standardError AVG': 5 },
      absent: { NAT: 'the data do not say the subject' },
      baselines: { 'random choice': { AVG: 39.83, IMG: 40 } },
      questions: 'q',
      right,
    },
  };
  await writeUnitRecord(experiment, unit, answered);
}

test('shares of right answers, errors, columns, baselines and paired tests are those of the records', async () => {
  const experiment = await write(TEXT);
  expect(await experimentTable(experiment.file, {})).toBe('No unit of tiny has been trained yet.');
  await record(experiment, 'plain', 1, '1100000000'); // 20 %
  await record(experiment, 'plain', 2, '1111000000'); // 40 %
  await record(experiment, 'eim', 1, '0111111100'); // 70 %: six more, one lost
  await record(experiment, 'eim', 2, '1111000000'); // the same
  const table = await experimentTable(experiment.file, {});
  const header = cells(table, 'arm');
  expect(header.slice(0, 7)).toEqual(['right, %', 'sd', 'n', 'AVG', 'IMG', 'NAT', 'XYZ']);
  // sqrt(30 * 70 / 10) = 14.49
  expect(cells(table, 'plain').slice(0, 6)).toEqual([
    '30.00 ± 14.49',
    '14.14',
    '2',
    '30.00 ± 5.00',
    '15.00',
    '',
  ]);
  const eim = cells(table, 'eim');
  expect(eim[0]).toBe('55.00 ± 15.73');
  expect(eim.at(-3)).toMatch(/^\+25\.00 \(/);
  // 7 discordant pairs, 1 against: 2 * (1 + 7) / 2^7 = 0.125; none: 1
  expect(eim.at(-1)).toBe('0.125 (6:1), 1.000 (0:0)');
  expect(cells(table, 'random choice').slice(0, 5)).toEqual(['', '', '', '39.83', '40.00']);
  expect(table).toContain('D = accuracy(eim) − accuracy(plain) = +25.000');
  expect(table).toContain('10 questions of `@eim/benchmarks/scienceqa` (prompt=plain)');
  expect(table).toContain('Not in these data: NAT (the data do not say the subject).');
  expect(table).toContain('The benchmark gives no XYZ.');
});

test('what captions alone have is refused, and the hash knows the benchmark and its options', async () => {
  const message = async (text: string) => {
    const error = await write(text).catch((cause: unknown) => cause);
    return (error as Error).message;
  };
  expect(await message(`${TEXT}  metrics: [CIDEr]\n  apart: {}\n`)).toMatch(
    /score\.metrics: is for captions.*score\.apart/s,
  );
  expect(await message(`${TEXT}gateCorrelation: true\nshow: [captions]\n`)).toMatch(/gateCorrelation.*show/s);
  const hashes = async (text: string) =>
    (await unitStates(await write(text))).map(({ configHash: hash }) => hash);
  const before = await hashes(TEXT);
  expect(await hashes(TEXT.replace('data: questions', 'data: elsewhere'))).toEqual(before);
  expect(await hashes(TEXT.replace('columns: [AVG, IMG, NAT, XYZ]', 'columns: []'))).toEqual(before);
  expect(await hashes(TEXT.replace('prompt: plain', 'prompt: QCM-A'))).not.toEqual(before);
});
