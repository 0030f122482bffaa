import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';
import { TINY_MODEL } from './tiny-config.js';

const folder = scratchFolder();
const environment = { EIM_RUNS: join(folder, 'runs'), EIM_CACHE: join(folder, 'cache'), EIM_THREADS: '1' };
const run = async (...words: readonly string[]) => {
  const finished = await eim(words, { folder, environment });
  expect(finished.code, finished.err).toBe(0);
  return finished;
};

test('generated scenes are trained on as conversations and asked as MME, arm by arm', async () => {
  await run('data', 'scenes', '--layout', 'chat', '--out', 'chat', '--count', '20', '--image-size', '32');
  const made = await run('data', 'scenes', '--layout', 'mme', '--out', 'mme', '--count', '2', '--json');
  expect(JSON.parse(made.out)).toMatchObject({ layout: 'mme', pictures: 8, lines: { 'color.txt': 4 } });
  writeFileSync(
    join(folder, 'base.yaml'),
    `${TINY_MODEL}data: { use: questions, path: chat }
plan: { preset: plain, steps: 6, batchSize: 4 }
training: { maxTextLength: 60 }
evaluation: { maxNewTokens: 4 }
`,
  );
  writeFileSync(
    join(folder, 'asked.yaml'),
    `base: base.yaml
seeds: [1]
arms:
  plain:
  longer: { plan: { steps: 9 } }
score: { benchmark: { use: mme, data: mme, columns: [perception, tasks color score] } }
`,
  );
  const { out } = await run('bench', 'sweep', 'asked.yaml');
  expect(out).toContain('| arm | right, % | sd | n | perception | tasks color score |');
  expect(out).toContain('| coin flip |');
  expect(out).toContain('16 questions of `@eim/benchmarks/mme`');
  const { score } = JSON.parse(readFileSync(join(folder, 'results/asked/longer-1.json'), 'utf8'));
  expect(score).toMatchObject({ items: 16, baselines: { 'coin flip': { perception: 300 } } });
  expect(score.right).toMatch(/^[01]{16}$/);
  const right = [...score.right].filter((digit: string) => digit === '1').length;
  const accuracies = ['existence', 'count', 'position', 'color'].map(
    (task) => score.scores[`tasks ${task} accuracy`] as number,
  );
  // Four tasks of four questions each.
  expect(accuracies.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(100 * (right / 16), 4);
  const again = await run('bench', 'sweep', 'asked.yaml');
  expect(again.err).toContain('Had a record: plain-1, longer-1');
}, 300_000);
