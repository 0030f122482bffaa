import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listFiles } from './list-files.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('lists files through links, without going round in circles', async () => {
  const data = join(folder, 'data');
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(join(data, 'own'), { recursive: true });
  mkdirSync(elsewhere);
  writeFileSync(join(data, 'own/a.txt'), '');
  writeFileSync(join(elsewhere, 'b.jpg'), '');
  symlinkSync(elsewhere, join(data, 'pictures'), 'dir');
  symlinkSync(data, join(elsewhere, 'round'), 'dir');
  symlinkSync(join(elsewhere, 'b.jpg'), join(data, 'c.jpg'));
  symlinkSync(join(folder, 'nowhere'), join(data, 'broken'));
  expect(await listFiles(data)).toEqual(['c.jpg', 'own/a.txt', 'pictures/b.jpg']);
});
