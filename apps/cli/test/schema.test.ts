import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

async function schemaOf(...words: string[]) {
  const { code, out, err } = await runInProcess(['schema', ...words], REPOSITORY);
  expect([code, err]).toEqual([0, '']);
  return new Ajv.Ajv2020({ strictTypes: false, strictRequired: false }).compile(JSON.parse(out));
}

const config = parse(readFileSync(join(REPOSITORY, 'configs/rsicd-eim.yaml'), 'utf8'));

test('the schema of a config and that of a plan are printed, each whole', async () => {
  expect((await schemaOf())(config)).toBe(true);
  expect((await schemaOf('config', '--json'))({ ...config, modle: {} })).toBe(false);
  const plan = await schemaOf('plan');
  expect(plan(config.plan)).toBe(true);
  expect(plan({ preset: 'eim', steps: 10 })).toBe(true);
  expect(plan({ preset: 'eim' })).toBe(false);
  expect(plan({ segments: [] })).toBe(false);
  const refused = await runInProcess(['schema', 'data'], REPOSITORY);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('no schema of "data"')]);
});
