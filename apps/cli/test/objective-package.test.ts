import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const quotedAddress = (path: string) => JSON.stringify(pathToFileURL(path).href);
const CORE = quotedAddress(join(REPOSITORY, 'packages/eim-core/dist/training/index.js'));
const TENSORS = quotedAddress(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'));

/** Half the caption loss, from a package beside the config that the command has never heard of. */
function installObjective() {
  const home = join(folder, 'node_modules/@acme/half');
  mkdirSync(home, { recursive: true });
  const manifest = { name: '@acme/half', version: '1.0.0', type: 'module', exports: './index.js' };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(home, 'index.js'),
    `const { builtInObjectives } = await import(${CORE});
    const { div } = await import(${TENSORS});
    const { caption } = builtInObjectives;
    const create = async (options, context) => {
      const objective = await caption.create(options, context);
      return { ...objective, loss: (...given) => div(objective.loss(...given), 2) };
    };
    export default { contractVersion: 1, name: '@acme/half', objectives: { half: { ...caption, create } } };`,
  );
}

const planOf = (objective: string) =>
  `{ segments: [{ name: only, learn: { st: { select: full, learningRate: 1e-3 } }, objective: ${objective}, data: train, until: { steps: 2 }, batchSize: 4 }] }`;

async function firstLoss(objective: string, name: string): Promise<number> {
  const config = writeTinyConfig(folder, { name, plan: planOf(objective) });
  const run = join(folder, `${name}-run`);
  const { code, err } = await eim(['train', config, '--out', run]);
  expect(code, err).toBe(0);
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find(({ loss }) => typeof loss === 'number').loss;
}

test("a package's objective trains a segment, by its name in the config", async () => {
  installObjective();
  const own = await firstLoss('caption', 'own');
  expect(await firstLoss("'@acme/half'", 'half')).toBeCloseTo(own / 2, 4);
});

test('an objective of a package that is not installed, or with a wrong option, is told before training', async () => {
  installObjective();
  const absent = writeTinyConfig(folder, { name: 'absent', plan: planOf("'@acme/absent/name'") });
  const { code, err } = await eim(['train', absent, '--out', join(folder, 'never')]);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining("plan.segments.only.objective.use: The package '@acme/absent'"),
  ]);
  const wrong = writeTinyConfig(folder, {
    name: 'wrong',
    plan: planOf("{ use: '@acme/half', options: { labelSmoothng: 1 } }"),
  });
  const refused = await eim(['train', wrong, '--out', join(folder, 'never')]);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('labelSmoothng')]);
});
