import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Experiment, readExperiment } from '../description/read-experiment.js';

const BASE = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder: { use: '@acme/encoder' }
  st: { use: '@acme/st' }
  llm: { use: '@acme/llm' }
data: { use: captions, path: "\${NOWHERE:-pictures}" }
plan: { preset: plain, steps: 100, batchSize: 4 }
`;

/**
 * A folder with `base.yaml`, whose packages do not exist: nothing is trained from it.
 * @param afterAll the test runner's, which removes the folder
 */
export async function experimentFolder(afterAll: (remove: () => Promise<void>) => void): Promise<{
  readonly folder: string;
  write(text: string, name?: string): Promise<Experiment>;
  writeBase(change: (text: string) => string): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'eim-experiment-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const base = join(folder, 'base.yaml');
  await writeFile(base, BASE);
  return {
    folder,
    async write(text, name = 'tiny') {
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, text);
      return readExperiment(file);
    },
    writeBase: (change) => writeFile(base, change(BASE)),
  };
}
