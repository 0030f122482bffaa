import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MME_TASKS } from '@eim/benchmarks';
import { openServedModels, type ServedModel } from '@eim/runs/serving';
import { type RunningServer, startServer } from '@eim/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { lyingPng } from './lying-picture.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const run = join(folder, 'run');
const mme = join(folder, 'mme');
const scienceqa = join(folder, 'scienceqa');
const PROBLEMS = join(REPOSITORY, 'packages/benchmarks/src/science-qa/__fixtures__/problems.json');
let models: readonly ServedModel[];
let server: RunningServer;

beforeAll(async () => {
  const config = writeTinyConfig(folder);
  writeFileSync(config, readFileSync(config, 'utf8').replace('contextLength: 96', 'contextLength: 1500'));
  await runInProcess(['train', config, '--out', run], folder);
  for (const [index, task] of MME_TASKS.entries()) {
    mkdirSync(join(mme, task), { recursive: true });
    writeFileSync(join(mme, task, '0001.txt'), 'Is it red?\tYes\nIs it blue?\tNo\n');
    // A server turns pictures by their EXIF records, the official program does not.
    const picture = lyingPng(40, [200, 20, 20], [20, index * 15, 200]);
    writeFileSync(join(mme, task, '0001.png'), picture);
  }
  const problems = JSON.parse(readFileSync(PROBLEMS, 'utf8'));
  mkdirSync(scienceqa);
  for (const [id, problem] of Object.entries<{ split: string; image: string | null }>(problems)) {
    problem.split = 'test';
    if (problem.image === null) continue;
    mkdirSync(join(scienceqa, 'test', id), { recursive: true });
    copyFileSync(
      join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png'),
      join(scienceqa, 'test', id, problem.image),
    );
  }
  writeFileSync(join(scienceqa, 'problems.json'), JSON.stringify(problems));
  models = await openServedModels({
    packages: BUILT_IN_PACKAGES,
    models: [{ model: { path: run } }],
    engine: 'wasm',
  });
  server = await startServer({ models, port: 0, apiKeys: ['secret'] });
});
afterAll(async () => {
  await server?.close(0);
  for (const model of models ?? []) await model.close();
});

const evaluate = (...words: string[]) =>
  runInProcess(['eval', ...words, '--max-new-tokens', '3', '--json'], folder, {
    environment: { EIM_CACHE: join(folder, 'cache'), KEY: 'secret' },
  });

test.each([
  ['mme', mme, []],
  ['scienceqa', scienceqa, ['prompt=QCM-ALE']],
] as const)(
  '%s asked of our server has the answers and totals of the direct run',
  async (name, data, options) => {
    const words = ['--benchmark', name, '--data', data, ...options];
    const direct = await evaluate(run, ...words);
    expect(direct).toMatchObject({ code: 0 });
    const served = await evaluate(...words, '--api', server.url, '--api-key-env', 'KEY');
    expect(served).toMatchObject({ code: 0 });
    const [{ folder: own, report: _, ...expected }, { folder: out, report: __, ...given }] = [
      direct,
      served,
    ].map((each) => JSON.parse(each.out));
    expect(given).toEqual(expected);
    const answers = (path: string) => JSON.parse(readFileSync(join(path, 'answers.json'), 'utf8'));
    expect(answers(out)).toEqual(answers(own));
    expect(new Set(answers(out).map(({ text }: { text: string }) => text)).size).toBeGreaterThan(1);
  },
);

test('shards of a server merge into its whole', async () => {
  const words = ['--benchmark', 'mme', '--data', mme, '--api', server.url, '--api-key-env', 'KEY'];
  const parts = ['1/2', '2/2'].map((shard, index) => ({ shard, out: join(folder, `part-${index}`) }));
  for (const { shard, out } of parts) {
    expect(await evaluate(...words, '--shard', shard, '--out', out)).toMatchObject({ code: 0 });
  }
  const whole = await evaluate(...words, '--out', join(folder, 'whole'));
  const merged = await runInProcess(
    ['merge', ...parts.map(({ out }) => out), '--out', join(folder, 'merged'), '--json'],
    folder,
  );
  const scores = ({ out }: { out: string }) => JSON.parse(out).perception;
  expect(scores(merged)).toEqual(scores(whole));
});

test('what does not fit to a server, or to a run, is refused by name', async () => {
  const words = ['--benchmark', 'mme', '--data', mme];
  const cases: [string[], RegExp][] = [
    [[...words, '--api', server.url], /refuses access.*--api-key-env/],
    [
      [...words, '--api', server.url, '--api-key-env', 'KEY', '--model', 'none'],
      /no model "none".*It has run/,
    ],
    [[run, ...words, '--api', server.url], /--api asks a server, and ".*" is a run/],
    [[...words, '--api', server.url, '--workers', '2'], /--workers is for a run/],
    [[run, ...words, '--concurrency', '2'], /--concurrency is for --api/],
    [['--api', server.url], /--api is for a --benchmark/],
    [words, /needs RUN.*or --api/],
    [[], /needs RUN/],
  ];
  for (const [given, message] of cases) {
    const { code, err } = await evaluate(...given);
    expect([code, JSON.parse(err).error.message]).toEqual([2, expect.stringMatching(message)]);
  }
});
