import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';
import { TINY_SCENES, writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();

async function trainTiny(name: string, options: Parameters<typeof writeTinyConfig>[1] = {}): Promise<string> {
  const run = join(folder, name, 'run');
  const config = writeTinyConfig(folder, { name, ...options });
  expect(await eim(['train', config, '--out', run])).toMatchObject({ code: 0 });
  return run;
}

test('two runs are compared beside the baselines, twice with the same result, and stay as they are', async () => {
  const plain = await trainTiny('tiny-plain');
  const segments = await trainTiny('tiny-segments', { plan: '{ preset: eim, steps: 20, batchSize: 4 }' });
  const before = [plain, segments].map((run) => readdirSync(run).sort());
  const out = join(folder, 'compared');
  const { code, out: text } = await eim(['compare', plain, segments, '--out', out, '--json']);
  expect(code).toBe(0);
  const { seconds: _, report, ...outcome } = JSON.parse(text);
  expect(report).toBe(join(out, 'report.html'));
  expect([plain, segments].map((run) => readdirSync(run).sort())).toEqual(before);
  expect(outcome).toMatchObject({ split: 'test', pictures: 6 });
  expect(outcome.runs.map(({ name, steps }: { name: string; steps: number }) => [name, steps])).toEqual([
    ['tiny-plain', 6],
    ['tiny-segments', 20],
  ]);
  expect(outcome.computeRatio).toBe(outcome.runs[0].multiplyAdds / outcome.runs[1].multiplyAdds);
  const machines = [
    'Most common caption',
    'Nearest picture',
    'Colours and edges, retrieval',
    'Encoder of tiny-plain, retrieval',
    'Encoder of tiny-segments, retrieval',
  ];
  expect(outcome.baselines.map(({ name }: { name: string }) => name)).toEqual([
    'One human sentence',
    ...machines,
  ]);
  const pairs = outcome.comparisons.map(({ better, than }: { better: string; than: string }) => [
    better,
    than,
  ]);
  expect(pairs).toEqual([
    ['tiny-segments', 'tiny-plain'],
    ...['tiny-segments', 'tiny-plain'].flatMap((run) => machines.map((baseline) => [run, baseline])),
  ]);
  const page = readFileSync(report, 'utf8');
  expect(page.match(/<figure>/g)).toHaveLength(6);
  for (const id of ['scores', 'curves', 'pictures', 'gates', 'ledger']) expect(page).toContain(`id="${id}"`);

  const again = await eim(['compare', plain, segments, '--out', `${out}-again`, '--json']);
  const { seconds: __, report: ___, ...same } = JSON.parse(again.out);
  expect(same).toEqual(outcome);

  const shown = await eim(['compare', plain, segments, '--split', 'val', '--out', `${out}-val`]);
  expect(shown.out).toMatch(/^tiny-segments .* 20 /m);
  expect(shown.out).toContain('two-sided');
});

test('runs over other data or splits, unfinished runs and one run twice are refused', async () => {
  const run = await trainTiny('one');
  const otherData = await trainTiny('other', { data: TINY_SCENES.replace('test: 6', 'test: 7') });
  const out = join(folder, 'refused');
  const refused = async (second: string, ...words: string[]) => {
    const { code, out: text, err } = await eim(['compare', run, second, '--out', out, ...words]);
    expect([code, text]).toEqual([2, '']);
    return err;
  };
  expect(await refused(otherData)).toContain('not over the same data: test has 6 and 7 rows');
  expect(await refused(run)).toContain('Both runs are');
  expect(await refused(join(folder, 'absent'))).toContain('does not exist');
  const unfinished = join(folder, 'unfinished');
  mkdirSync(unfinished);
  copyFileSync(join(run, 'config.yaml'), join(unfinished, 'config.yaml'));
  expect(await refused(unfinished)).toContain(`eim train --resume ${unfinished}`);
  expect((await eim(['compare', run])).err).toContain('needs RUN');
  const another = await trainTiny('another', { plan: '{ preset: plain, steps: 2, batchSize: 2 }' });
  expect(await refused(another, '--split', 'nowhere')).toContain('no split "nowhere"');
  expect(existsSync(out)).toBe(false);
});
