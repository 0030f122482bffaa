import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkedOutCommit } from './program-commit.js';

const root = mkdtempSync(join(tmpdir(), 'eim-commit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LOOSE = 'a'.repeat(40);
const PACKED = 'b'.repeat(40);
const DETACHED = 'c'.repeat(64);

/** Writes files below a folder of their own. @returns the folder */
function lay(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, file)), { recursive: true });
    writeFileSync(join(root, name, file), `${text}\n`);
  }
  return join(root, name);
}

test('the commit is found by every way in which git keeps it', () => {
  const loose = lay('loose', {
    '.git/HEAD': 'ref: refs/heads/main',
    '.git/refs/heads/main': LOOSE,
    'a/b/c': '',
  });
  expect(checkedOutCommit(join(loose, 'a/b'))).toBe(LOOSE);
  const packed = lay('packed', {
    '.git/HEAD': 'ref: refs/heads/topic/one',
    '.git/packed-refs': `# pack-refs with: peeled\n${LOOSE} refs/heads/one\n${PACKED} refs/heads/topic/one\n^${LOOSE}`,
  });
  expect(checkedOutCommit(packed)).toBe(PACKED);
  expect(checkedOutCommit(lay('detached', { '.git/HEAD': DETACHED }))).toBe(DETACHED);
  const tree = lay('tree', { '.git': `gitdir: ${root}/packed/.git/worktrees/tree` });
  lay('packed/.git/worktrees/tree', { HEAD: 'ref: refs/heads/topic/one', commondir: '../..' });
  expect(checkedOutCommit(tree)).toBe(PACKED);
  const submodule = lay('loose/sub', { '.git': 'gitdir: ../.git/modules/sub' });
  lay('loose/.git/modules/sub', { HEAD: DETACHED });
  expect(checkedOutCommit(submodule)).toBe(DETACHED);
});

test('where git tells none, none is told', () => {
  expect(checkedOutCommit(lay('none', { file: '' }))).toBe(undefined);
  expect(checkedOutCommit(lay('unborn', { '.git/HEAD': 'ref: refs/heads/main' }))).toBe(undefined);
  expect(checkedOutCommit(lay('reftable', { '.git/HEAD': 'ref: refs/heads/.invalid' }))).toBe(undefined);
  expect(checkedOutCommit(lay('broken', { '.git': 'gitdir: nowhere' }))).toBe(undefined);
  expect(checkedOutCommit(lay('no-hash', { '.git/HEAD': 'main' }))).toBe(undefined);
});
