import { join } from 'node:path';
import { openSafetensorsFile } from '@eim/weights/node';
import { expect, test } from 'vitest';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const FIXTURES = join(REPOSITORY, 'packages/llm-llama/src/__fixtures__');
const QUANTISED = join(FIXTURES, 'quantised.gguf');
const run = (...words: string[]) => runInProcess(words, folder);
const generate = (llm: string, ...words: string[]) =>
  run(
    'generate',
    '--llm',
    llm,
    '--ids',
    '1,2,3',
    '--max-new-tokens',
    '6',
    '--ignore-eos',
    '--json',
    ...words,
  );

test('generate says which mode it was, exact where nothing is said', async () => {
  for (const [words, mode] of [
    [[], 'exact'],
    [['--compute', 'exact'], 'exact'],
    [['--compute', 'fast'], 'fast'],
  ] as const) {
    const { code, out, err } = await generate(QUANTISED, ...words);
    expect(code, err).toBe(0);
    const { ids, stats } = JSON.parse(out);
    expect([ids.length, stats.compute]).toEqual([6, mode]);
  }
});

test('logits of the fast mode are near the exact ones, and not the same', async () => {
  const logits = async (mode: string) => {
    const out = join(folder, mode);
    const { code, err } = await run(
      'logits',
      '--llm',
      QUANTISED,
      '--ids',
      '1,2,3,4',
      '--compute',
      mode,
      '--out',
      out,
    );
    expect(code, err).toBe(0);
    const file = await openSafetensorsFile(out);
    const { data } = await file.read('logits');
    await file.close();
    return data as Float32Array;
  };
  const [exact, fast] = [await logits('exact'), await logits('fast')];
  const largest = Math.max(...exact.map(Math.abs));
  const apart = Math.max(...exact.map((value, index) => Math.abs(value - fast[index]!)));
  expect(apart).toBeGreaterThan(0);
  expect(apart).toBeLessThan(0.05 * largest);
});

test('an unknown mode, a model without such blocks, an engine without such kernels and a run are refused', async () => {
  const refusals = [
    [await generate(QUANTISED, '--compute', 'quick'), 'Write exact or fast.'],
    [
      await generate(join(FIXTURES, 'llama.gguf'), '--compute', 'fast'),
      'holds no matrices in blocks of eight bits',
    ],
    [await generate(QUANTISED, '--compute', 'fast', '--engine', 'cpu'), 'the engine cpu has no kernels'],
  ] as const;
  for (const [{ code, err }, message] of refusals) {
    expect(code).toBe(2);
    expect(err).toContain(message);
  }
  const config = writeTinyConfig(folder, { plan: '{ preset: plain, steps: 1, batchSize: 2 }' });
  expect((await run('train', config, '--out', join(folder, 'run'))).code).toBe(0);
  const { code, err } = await run('chat', join(folder, 'run'), '--compute', 'fast');
  expect(code).toBe(2);
  expect(err).toContain('--compute was given');
});
