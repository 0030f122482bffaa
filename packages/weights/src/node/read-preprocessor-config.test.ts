import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPreprocessorConfig } from './read-preprocessor-config.js';

const NESTED = { processor_class: 'CLIPProcessor', image_processor: { size: { shortest_edge: 30 } } };
const OLDER = { size: { shortest_edge: 20 } };

test.each([
  ['the nested one counts first', { 'processor_config.json': NESTED, 'preprocessor_config.json': OLDER }, 30],
  ['the nested one alone', { 'processor_config.json': NESTED }, 30],
  ['one that nests nothing', { 'processor_config.json': {}, 'preprocessor_config.json': OLDER }, 20],
  ['the older alone', { 'preprocessor_config.json': OLDER }, 20],
  ['neither', {}, undefined],
])('%s', async (_, contents, edge) => {
  const folder = await mkdtemp(join(tmpdir(), 'eim-processor-'));
  for (const [name, json] of Object.entries(contents)) {
    await writeFile(join(folder, name), JSON.stringify(json));
  }
  const config = await readPreprocessorConfig(folder, Object.keys(contents));
  expect(config?.size).toEqual(edge && { shortest_edge: edge });
  await rm(folder, { recursive: true });
});
