import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { armOf } from '../description/arm-config.js';
import { configHash } from '../description/config-hash.js';
import type { Experiment } from '../description/read-experiment.js';
import { writeBaselines, writeUnitRecord } from '../records/record-files.js';
import { madeUpRecord } from '../testing/made-up-record.js';
import { cells } from '../testing/table-cells.js';
import { experimentFolder } from '../testing/written-experiment.js';
import { experimentTable, renewedPage, writeResultPage } from './result-page.js';

const { folder, write } = await experimentFolder(afterAll);

const TEXT = `base: base.yaml
seeds: [1, 2, 3]
budget: { equalTo: plain }
arms:
  plain:
  words: { plan: { steps: 60 } }
claim: { better: words, than: plain, times: 1.5 }
`;

type Facts = Omit<Parameters<typeof madeUpRecord>[0], 'configHash'>;

async function record(experiment: Experiment, facts: Facts, hash?: string): Promise<void> {
  const unit = { arm: armOf(experiment, facts.arm), seed: facts.seed };
  const own = hash ?? (await configHash(experiment, unit));
  await writeUnitRecord(experiment, unit, madeUpRecord({ ...facts, configHash: own }));
}

const baselinesOf = (dataHash: string, CIDEr: number): Parameters<typeof writeBaselines>[1] => ({
  format: 1,
  experiment: 'tiny',
  dataHash,
  split: 'test',
  references: 'all',
  pictures: 2,
  baselines: [{ name: 'Nearest picture', explanation: '', scores: { CIDEr, Bleu_4: 0.02, ROUGE_L: 0.1 } }],
  apart: {},
});

test('means, spreads, compute and differences are those of the records', async () => {
  const experiment = await write(TEXT);
  expect(await experimentTable(experiment.file, {})).toBe('No unit of tiny has been trained yet.');
  await record(experiment, { arm: 'plain', seed: 1, ciderPerPicture: [0.2, 0.4], scoredTimes: 2 }); // 0.3
  await record(experiment, { arm: 'plain', seed: 2, ciderPerPicture: [0.3, 0.5] }); // 0.4
  await record(experiment, { arm: 'plain', seed: 3, ciderPerPicture: [0.4, 0.6] }); // 0.5
  await record(experiment, { arm: 'words', seed: 1, ciderPerPicture: [0.4, 0.6], multiplyAdds: 1.1e12 });
  await record(experiment, { arm: 'words', seed: 2, ciderPerPicture: [0.5, 0.7], multiplyAdds: 1.1e12 });
  await record(experiment, { arm: 'words', seed: 3, ciderPerPicture: [9, 9] }, 'another');
  await writeBaselines(experiment, baselinesOf('data', 0.07));
  const table = await experimentTable(experiment.file, {});
  // Mean 0.4, deviations 0.1, 0, 0.1: variance 0.02 / 2.
  const plain = ['0.400', '0.100', '3', '0.200', '0.100', '0.500', '1.00', '60.0', '116.7', '', ''];
  expect(cells(table, 'plain')).toEqual(plain);
  // Mean 0.55, deviations 0.05: variance 0.005. Every picture of both seeds is 0.2 better: no resample differs.
  const words = ['0.550', '0.071', '2', '0.275', '0.138', '0.500', '1.10', '60.0', '116.7'];
  expect(cells(table, 'words')).toEqual([...words, '+0.200 (+0.200 to +0.200)', '< 0.001']);
  expect(cells(table, 'Nearest picture')).toEqual([
    '0.070',
    '',
    '',
    '0.020',
    '0.100',
    '',
    '',
    '',
    '',
    '',
    '',
  ]);
  // Seeds 1 and 2: 0.55 - 1.5 * 0.35.
  expect(table).toContain('D = CIDEr(words) − 1.5 · CIDEr(plain) = +0.025 (95 %:');
  expect(table).toContain('seeds 1, 2.');
  expect(table).toContain(
    '2 pictures of `test`, all references; that split was scored 6 times for 5 trainings.',
  );
  expect(table).toContain('code 0123456789; 5.0 hours in all, 9.7 core hours.');
  expect(table).toContain('Left out, as the record is stale: words-3 (made from another config).');
  expect(table).not.toContain('Not trained');
});

test('where arms have not the same data, their baselines stand in a table of their own', async () => {
  const experiment = await write(TEXT.replace('claim', '# claim'), 'two');
  await record(experiment, { arm: 'plain', seed: 1, ciderPerPicture: [1, 1], dataHash: 'few' });
  await record(experiment, { arm: 'words', seed: 1, ciderPerPicture: [2, 2], dataHash: 'many' });
  await writeBaselines(experiment, baselinesOf('many', 0.09));
  await writeBaselines(experiment, baselinesOf('few', 0.07));
  await writeBaselines(experiment, baselinesOf('of no arm', 0.08));
  const table = await experimentTable(experiment.file, {});
  expect(table).not.toContain('| Nearest picture | 0.0');
  expect(table).toContain(`
| CIDEr without training, on the data of | Nearest picture |
|---|---:|
| plain | 0.070 |
| words | 0.090 |
`);
});

test('records of one arm over different data are not averaged, and arms over other pictures not compared', async () => {
  const experiment = await write(TEXT.replace('claim', '# claim'), 'other');
  await record(experiment, { arm: 'plain', seed: 1, ciderPerPicture: [1, 1], dataHash: 'before' });
  await record(experiment, { arm: 'plain', seed: 2, ciderPerPicture: [0.5, 0.5] });
  const table = await experimentTable(experiment.file, {});
  expect(cells(table, 'plain').slice(0, 3)).toEqual(['0.500', '', '1']);
  expect(table).toContain('plain-1 (made from other data than plain-2)');
  expect(table).toContain('Not trained yet, by seed: plain (3), words (1, 2, 3).');
});

test('a page is brought up to date between its marks alone, and a check says where it is not', async () => {
  const page = join(folder, 'results.md');
  await writeFile(page, '# Results\n\n<!-- table: tiny -->\nold\n<!-- /table -->\n\nThe end.\n');
  const options = { workingFolder: folder, experiments: '.' };
  expect((await renewedPage(page, options)).changed).toEqual(['tiny']);
  expect(await writeResultPage(page, options)).toEqual(['tiny']);
  const text = await readFile(page, 'utf8');
  const table = await experimentTable(join(folder, 'tiny.yaml'), {});
  expect(text).toBe(`# Results\n\n<!-- table: tiny -->\n\n${table}\n\n<!-- /table -->\n\nThe end.\n`);
  expect(await writeResultPage(page, options)).toEqual([]);
  await writeFile(page, text.replace('0.400', '0.500'));
  expect((await renewedPage(page, options)).changed).toEqual(['tiny']);
});

test('a page without an end of a table, and an experiment that is not there, are refused', async () => {
  const page = join(folder, 'broken.md');
  await writeFile(page, '<!-- table: tiny -->\nno end\n');
  await expect(renewedPage(page, { workingFolder: folder })).rejects.toThrow(
    '1 places for a table, of which 0 end',
  );
  await writeFile(page, '<!-- table: nowhere -->\n<!-- /table -->\n');
  await expect(renewedPage(page, { workingFolder: folder })).rejects.toThrow('there is no');
});

test('a damaged record is refused by its name and field', async () => {
  const experiment = await write(TEXT, 'damaged');
  await record(experiment, { arm: 'plain', seed: 1, ciderPerPicture: [1] });
  const file = join(experiment.records, 'plain-1.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"scoredTimes": 1', '"scoredTimes": 0'));
  await expect(experimentTable(experiment.file, {})).rejects.toThrow(
    'plain-1.json is no record of an experiment: scoredTimes',
  );
});

test('learning curves and captions are shown where the experiment asks for them', async () => {
  const experiment = await write(`${TEXT.replace('claim', '# claim')}show: [curves, captions]\n`, 'shown');
  const samples = (caption: string) => ['one.jpg', 'two.jpg'].map((picture) => ({ picture, caption }));
  await record(experiment, { arm: 'plain', seed: 1, ciderPerPicture: [0.2, 0.4], samples: samples('a | b') });
  await record(experiment, { arm: 'words', seed: 1, ciderPerPicture: [0.2, 0.4], samples: samples('c') });
  const page = join(folder, 'shown.md');
  await writeFile(page, '<!-- table: shown -->\n<!-- /table -->\n');
  const options = { workingFolder: folder, experiments: '.' };
  await writeResultPage(page, options);
  const text = await readFile(page, 'utf8');
  expect(text).toContain('| picture | plain | words |\n|---|---|---|\n| one.jpg | a \\| b | c |');
  expect(text).toContain('![Learning curves of shown](results/shown/curves.svg)');
  const chart = join(experiment.records, 'curves.svg');
  expect(await readFile(chart, 'utf8')).toContain('<svg');
  expect((await renewedPage(page, options)).changed).toEqual([]);
  await writeFile(chart, '<svg></svg>');
  expect((await renewedPage(page, options)).changed).toEqual(['shown']);
});
