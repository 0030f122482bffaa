import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPublishedWeights } from '@eim/weights/node';
import { afterAll, expect, test } from 'vitest';
import { ShardWriter } from '../exporting/web/shard-writer.js';
import { writeWebWeights } from '../exporting/web/web-weights.js';
import { ExportedFiles } from './exported-files.js';
import { openExportedWeights } from './open-exported-weights.js';
import { ShardReader } from './shard-reader.js';

const FIXTURES = join(import.meta.dirname, '../../../llm-llama/src/__fixtures__');
const site = mkdtempSync(join(tmpdir(), 'eim-site-'));
afterAll(() => rmSync(site, { recursive: true }));

test.each(['hugging-face', 'meta', 'llama.gguf', 'quantised.gguf', 'family/shaped.safetensors'])(
  '%s: a page reads what Node reads, and blocks stay blocks',
  async (name) => {
    const writer = new ShardWriter(site);
    const described = await writeWebWeights('llm', join(FIXTURES, name), writer);
    const reader = new ShardReader(async (path) => new Uint8Array(readFileSync(join(site, path))));
    const files = new ExportedFiles(writer.files, reader);
    const there = await openExportedWeights(JSON.parse(JSON.stringify(described)), files);
    const here = await openPublishedWeights(join(FIXTURES, name));
    expect(there.tensorNames).toEqual(here.tensorNames);
    expect(there.config).toEqual(here.config);
    expect(there.generationConfig).toEqual(here.generationConfig);
    for (const tensor of here.tensorNames) {
      const { dtype, shape, encoding } = here.info(tensor);
      expect(there.info(tensor)).toMatchObject({ dtype, shape, encoding });
      expect(await there.read(tensor)).toEqual(await here.read(tensor));
      expect(there.read.blocks?.(tensor)?.format.name).toBe(here.read.blocks?.(tensor)?.format.name);
    }
    await there.close();
    await here.close();
  },
);
