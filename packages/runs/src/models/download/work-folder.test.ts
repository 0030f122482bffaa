import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { scratchFolder } from '../testing/scratch.js';
import { discardWork, WorkFolder } from './work-folder.js';

const folder = scratchFolder(afterAll);

/** Work of another process, as it would have left it. */
function workOf(target: string, host: string, pid: number, data: string, age = 0): string {
  const path = join(folder, `.${target}.${host}-${pid}-00c0ffee.partial`);
  mkdirSync(path);
  writeFileSync(join(path, 'data'), data);
  const then = Date.now() / 1000 - age;
  utimesSync(join(path, 'data'), then, then);
  return path;
}

/** The number of a process that has ended. */
const ended = () => spawnSync(process.execPath, ['-e', '']).pid;

test('work of a process that has ended is gone on with, the largest first, and the rest deleted', async () => {
  workOf('a', hostname(), ended(), '123');
  workOf('a', hostname(), ended(), '12345');
  const work = await WorkFolder.claim(join(folder, 'a'));
  expect(readFileSync(work.data, 'utf8')).toBe('12345');
  expect(readdirSync(folder).filter((name) => name.startsWith('.a.'))).toHaveLength(1);
  await work.remove();
});

test('work of a process that runs, or of another machine, is left alone until nobody goes on with it', async () => {
  const own = workOf('b', hostname(), process.pid, 'own');
  const far = workOf('b', 'another-machine', ended(), 'far');
  const work = await WorkFolder.claim(join(folder, 'b'));
  expect(existsSync(work.data)).toBe(false);
  expect([own, far].every(existsSync)).toBe(true);
  workOf('c', 'another-machine', 1, 'old', 3600);
  expect(readFileSync((await WorkFolder.claim(join(folder, 'c'))).data, 'utf8')).toBe('old');
});

test('work that is put down is taken up, and one without data is not kept', async () => {
  const target = join(folder, 'd');
  const work = await WorkFolder.claim(target);
  await work.release();
  expect(readdirSync(folder).filter((name) => name.startsWith('.d.'))).toEqual([]);
  const second = await WorkFolder.claim(target);
  writeFileSync(second.data, 'kept');
  await second.release();
  expect(readFileSync((await WorkFolder.claim(target)).data, 'utf8')).toBe('kept');
});

test('names that begin alike are told apart', async () => {
  workOf('e', hostname(), ended(), 'short');
  workOf('e.more', hostname(), ended(), 'longer');
  expect(readFileSync((await WorkFolder.claim(join(folder, 'e'))).data, 'utf8')).toBe('short');
  expect(await discardWork(join(folder, 'e.more'))).toBe(6);
});
