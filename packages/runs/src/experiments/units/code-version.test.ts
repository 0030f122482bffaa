import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { VERSION } from '../../version.js';
import { codeVersion } from './code-version.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-code-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a folder under git gives its commit, and whether files other than records have changed', async () => {
  const records = join(folder, 'docs/results');
  expect(await codeVersion(folder, records)).toEqual({ version: VERSION });
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words]).toString();
  mkdirSync(records, { recursive: true });
  writeFileSync(join(records, 'a.json'), '{}');
  writeFileSync(join(folder, 'code.ts'), '1');
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  const commit = git('rev-parse', 'HEAD').trim();
  expect(await codeVersion(folder, records)).toEqual({ version: VERSION, commit, modified: false });
  writeFileSync(join(records, 'a.json'), '{ "new": 1 }');
  writeFileSync(join(folder, 'untracked.ts'), '1');
  expect(await codeVersion(folder, records)).toMatchObject({ commit, modified: false });
  writeFileSync(join(folder, 'code.ts'), '2');
  expect(await codeVersion(join(folder, 'docs'), records)).toMatchObject({ commit, modified: true });
});
