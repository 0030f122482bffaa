import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filePicture } from './file-picture.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-file-picture-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a file longer than one read has the SHA-1 of all its bytes, whatever its time', async () => {
  const bytes = Uint8Array.from({ length: 150_001 }, (_, index) => index % 251);
  const path = join(folder, 'long.bin');
  await writeFile(path, bytes);
  const expected = `sha1:${createHash('sha1').update(bytes).digest('hex')}`;
  expect((await filePicture(path)).fingerprint).toBe(expected);
  await utimes(path, new Date(0), new Date(0));
  expect((await filePicture(path)).fingerprint).toBe(expected);
  expect((await filePicture(path, { applyOrientation: true })).fingerprint).toBe(`${expected}:oriented`);
});

test('by its state on disk a file is told without being read', async () => {
  const path = join(folder, 'state.bin');
  await writeFile(path, 'abc');
  await utimes(path, new Date(0), new Date(1000));
  expect((await filePicture(path, { fingerprint: 'stat', name: 'a/state.bin' })).fingerprint).toBe(
    'stat:a/state.bin:3:1000',
  );
});

test('missing, empty and unreadable files are refused by name', async () => {
  await writeFile(join(folder, 'empty.png'), '');
  await expect(filePicture(join(folder, 'empty.png'))).rejects.toMatchObject({
    code: 'invalid-file',
    data: { fault: 'is empty' },
  });
  await expect(filePicture(join(folder, 'no.png'))).rejects.toMatchObject({
    code: 'missing-file',
    message: `The picture ${join(folder, 'no.png')} does not exist.`,
  });
  await expect(filePicture(folder)).rejects.toMatchObject({ data: { fault: 'cannot be read (EISDIR)' } });
});
