import { afterAll, beforeEach, expect, test } from 'vitest';
import { experimentFolder } from '../testing/written-experiment.js';
import { armOf } from './arm-config.js';
import { configHash } from './config-hash.js';

const { write, writeBase } = await experimentFolder(afterAll);
beforeEach(() => writeBase((text) => text));

const TEXT = `base: base.yaml
seeds: [1, 2]
budget: { equalTo: plain }
arms:
  plain:
  more: { plan: { steps: 200 } }
`;

async function hashes(text = TEXT): Promise<Record<'plain' | 'more', string>> {
  const experiment = await write(text);
  const of = (name: string) => configHash(experiment, { arm: armOf(experiment, name), seed: 1 });
  return { plain: await of('plain'), more: await of('more') };
}

test('what changes no number changes no hash', async () => {
  const before = await hashes();
  await writeBase(
    (text) => `# a comment\nname: other\nengine: wasm\n${text}training: { checkpointEvery: 5 }\n`,
  );
  expect(await hashes(`${TEXT}score: { metrics: [CIDEr] }\n`)).toEqual(before);
});

test('a change of an arm counts for that arm alone, one of what it is matched to for both', async () => {
  const before = await hashes();
  const changed = await hashes(TEXT.replace('steps: 200', 'steps: 300'));
  expect(changed.plain).toBe(before.plain);
  expect(changed.more).not.toBe(before.more);
  await writeBase((text) => text.replace('steps: 100', 'steps: 101'));
  const matched = await hashes();
  expect(matched.plain).not.toBe(before.plain);
  // `more` has steps of its own, which are fitted to those of `plain`.
  expect(matched.more).not.toBe(before.more);
});

test('the split that is scored, the budget and the seed count', async () => {
  const { more } = await hashes();
  expect((await hashes(`${TEXT}score: { split: val }\n`)).more).not.toBe(more);
  expect((await hashes(TEXT.replace('equalTo', 'examplesOf'))).more).not.toBe(more);
  const experiment = await write(TEXT);
  expect(await configHash(experiment, { arm: armOf(experiment, 'more'), seed: 2 })).not.toBe(more);
});
