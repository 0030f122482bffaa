import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { REPOSITORY, scratchFolder } from './run-eim.js';

const folder = scratchFolder();

test('the ten lines in the README of @eim/runs train a config, caption a picture and score a folder', async () => {
  const readme = readFileSync(join(REPOSITORY, 'packages/runs/README.md'), 'utf8');
  const program = /```js\n([\s\S]*?)```/.exec(readme)![1]!;
  expect(program.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(10);
  writeFileSync(join(folder, 'program.mjs'), program);
  symlinkSync(join(REPOSITORY, 'apps/cli/node_modules'), join(folder, 'node_modules'));
  cpSync(join(REPOSITORY, 'packages/runs/src/__fixtures__/readme'), folder, { recursive: true });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['program.mjs'], {
    cwd: folder,
    env: { ...process.env, EIM_ENGINE: 'wasm', EIM_THREADS: '1', EIM_CACHE: join(folder, 'cache') },
  });
  expect(stdout).toMatch(/caption: '.*'[\s\S]*CIDEr: \d/);
  expect(stderr).toContain('Engine: wasm');
}, 120_000);
