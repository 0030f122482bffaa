import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset, DatasetEntry, PluginManifest } from '@eim/contracts';
import { CONTRACT_VERSION, definePlugin, EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { checkDataset } from './check-dataset.js';
import { createDataset } from './create-dataset.js';
import ours from './plugin.js';

/** What whoever resolves a plug-in does: the options are checked by the entry, then the data set is opened. */
async function open(manifest: PluginManifest, name: string, options: unknown): Promise<Dataset> {
  const entry = manifest.datasets![name]!;
  const checked = entry.optionsSchema.safeParse(options);
  if (!checked.success)
    throw new EimError({ code: 'invalid-config', message: JSON.stringify(checked.error.issues) });
  return entry.create(checked.data, {});
}

/** A data set as another package offers it. */
const sums: DatasetEntry<{ largest: number }> = {
  presets: { small: { largest: 2 } },
  optionsSchema: z.strictObject({ largest: z.int().min(1).default(9) }),
  create: ({ largest }) => {
    const numbers = Array.from({ length: largest + 1 }, (_, number) => number);
    const rows = numbers.flatMap((left) =>
      numbers.map((right) => ({
        id: `${left}+${right}`,
        prompt: `What is ${left} + ${right}?`,
        answers: [`${left + right}`],
      })),
    );
    return createDataset('sums', new Map([['train', rows]]));
  },
};
const theirs = definePlugin({ contractVersion: CONTRACT_VERSION, name: '@acme/sums', datasets: { sums } });

test("another package's data set opens as ours do", async () => {
  const data = await open(theirs, 'sums', sums.presets.small);
  expect(data.split('train').map(({ prompt, answers }) => `${prompt} ${answers[0]}`)).toContain(
    'What is 2 + 1? 3',
  );
  const { splits, problems } = await checkDataset(data);
  expect([splits.train!.rows, problems]).toEqual([9, []]);
  await expect(open(theirs, 'sums', { most: 3 })).rejects.toThrow(/most/);
});

test('the package offers captions, questions and scenes by name', async () => {
  const manifest: PluginManifest = ours;
  expect(Object.keys(manifest.datasets!)).toEqual(['captions', 'questions', 'scenes']);
  expect(manifest.datasets!.captions!.pathOptions).toEqual(['path', 'images', 'splitsFrom', 'uncaptioned']);
  const scenes = await open(manifest, 'scenes', { train: 2, val: 0, test: 1 });
  expect(scenes.splits).toEqual(['train', 'test']);
  const folder = await mkdtemp(join(tmpdir(), 'eim-plugin-'));
  const file = join(folder, 'quiz.json');
  await writeFile(file, '[{"instruction": "Say yes.", "output": "Yes."}]');
  const questions = await open(manifest, 'questions', { path: file, template: 'none' });
  expect(questions.split('train')).toEqual([{ id: '0', prompt: 'Say yes.', answers: ['Yes.'] }]);
  await writeFile(join(folder, 'captions.csv'), 'image,caption\nno.png,Nothing.\n');
  await expect(open(manifest, 'captions', { path: folder })).rejects.toThrow(/no\.png, which does not exist/);
  await rm(folder, { recursive: true });
});
